package dev.graft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.runtime.Bundle;
import dev.graft.runtime.BundleConfig;
import dev.graft.runtime.BundleLayout;
import java.util.Map;
import java.util.Optional;

/**
 * What a trained model's folder holds.
 *
 * @param bundle the folder, checked
 * @param metrics its figures; empty if the file is missing or damaged
 * @param provenance what it was made from; empty if the file is missing or damaged
 */
record BundleInspection(
    Bundle bundle, Optional<ObjectNode> metrics, Optional<ObjectNode> provenance) {
  private static final int NAME_WIDTH = 15;
  private static final int VALUE_SHOWN = 300;

  static BundleInspection of(Bundle bundle) {
    return new BundleInspection(
        bundle,
        Json.read(bundle.folder().resolve(BundleLayout.METRICS)),
        Json.read(bundle.folder().resolve(BundleLayout.PROVENANCE)));
  }

  ObjectNode json() {
    BundleConfig config = bundle.config();
    ObjectNode json = Json.object();
    json.put("folder", bundle.folder().toString());
    json.put("modality", config.modality().jsonName());
    config.labels().forEach(json.putArray("labels")::add);
    json.putObject("backbone")
        .put("id", config.backboneId())
        .put("sha256", config.backboneSha256());
    json.put("strategy", config.strategy());
    json.put("temperature", config.temperature());
    json.put("graft_version", config.graftVersion());
    metrics.ifPresent(found -> json.set("metrics", found));
    provenance.ifPresent(found -> json.set("provenance", found));
    return json;
  }

  String text() {
    BundleConfig config = bundle.config();
    StringBuilder text = new StringBuilder();
    field(text, "Trained model", bundle.folder().toString());
    field(text, "Takes", config.modality().jsonName());
    field(text, "Classes", config.labels().size() + ": " + String.join(", ", config.labels()));
    field(text, "Backbone", config.backboneId());
    field(text, "Strategy", config.strategy());
    field(text, "Written by", "graft " + config.graftVersion());
    metrics.ifPresent(found -> figures(text, found));
    provenance.ifPresent(
        found -> {
          text.append(System.lineSeparator()).append("Made from").append(System.lineSeparator());
          tree(text, found, "  ");
        });
    return text.toString();
  }

  private static void figures(StringBuilder text, ObjectNode metrics) {
    for (String part : new String[] {"test", "validation"}) {
      JsonNode figures = metrics.path(part);
      JsonNode interval = figures.path("accuracy_interval");
      if (figures.path("accuracy").isNumber()) {
        field(
            text,
            part.equals("test") ? "Test" : "Validation",
            "accuracy "
                + Wording.percent(figures.path("accuracy").asDouble())
                + (interval.size() == 2
                    ? " (95 % interval "
                        + Wording.percent(interval.get(0).asDouble())
                        + " to "
                        + Wording.percent(interval.get(1).asDouble())
                        + ")"
                    : "")
                + ", "
                + Wording.count(figures.path("examples").asLong(), "example"));
      }
    }
  }

  private static void tree(StringBuilder text, ObjectNode object, String indent) {
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      text.append(indent).append(Wording.name(entry.getKey())).append(": ");
      if (entry.getValue() instanceof ObjectNode inner) {
        text.append(System.lineSeparator());
        tree(text, inner, indent + "  ");
      } else {
        JsonNode value = entry.getValue();
        String shown = value.isValueNode() ? value.asText() : value.toString();
        text.append(Wording.shortened(Wording.name(shown), VALUE_SHOWN))
            .append(System.lineSeparator());
      }
    }
  }

  private static void field(StringBuilder text, String name, String value) {
    text.append(name)
        .append(" ".repeat(NAME_WIDTH - name.length()))
        .append(Wording.name(value))
        .append(System.lineSeparator());
  }
}

package dev.graft.transfer.sharing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.runtime.BundleLayout;
import dev.graft.runtime.Modality;
import dev.graft.transfer.evidence.FrontMatter;
import dev.graft.transfer.evidence.MarkdownText;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The model card of a model that is shared: what hubs ask for is there, and no local path. */
final class SharedCard {
  private static final String SECTION = "## About this copy";

  /** What hubs take as the id of a model. */
  private static final Pattern HUB_ID = Pattern.compile("\\w[\\w.-]*/\\w[\\w.-]*");

  private final CardFrontMatter front;
  private final ObjectNode provenance;
  private final ObjectNode metrics;

  /**
   * @param card as training wrote it, or somebody changed it since
   */
  SharedCard(String card, ObjectNode provenance, ObjectNode metrics) {
    this.front = new CardFrontMatter(card);
    this.provenance = provenance;
    this.metrics = metrics;
  }

  /**
   * The card.
   *
   * @param reason why it is shared although the licence does not allow that
   */
  String text(
      Modality modality, LicenceTerms terms, Optional<String> reason, List<String> leftOut) {
    completeFrontMatter(modality, terms);
    String body = withoutNotes(withoutSection(front.body()));
    String command = provenance.at("/environment/command").asText();
    if (!command.isEmpty()) {
      String shown = command.replace("```", "` ` `");
      body = body.replace(shown, LocalPaths.cutCommand(shown));
    }
    if (leftOut.stream().anyMatch(sentence -> sentence.startsWith(BundleLayout.REPORT))) {
      body = body.replace(MarkdownText.code(BundleLayout.REPORT) + " and ", "");
    }
    return front.text()
        + LocalPaths.cut(body).stripTrailing()
        + "\n\n"
        + section(terms, reason, leftOut);
  }

  // --- front matter ------------------------------------------------------------------------------

  private void completeFrontMatter(Modality modality, LicenceTerms terms) {
    String task =
        switch (modality) {
          case IMAGE -> "image-classification";
          case AUDIO -> "audio-classification";
          case TEXT -> "text-classification";
        };
    front.setIfMissing("library_name", "library_name: graft");
    front.remove("license_name");
    front.set("license", FrontMatter.licenceLines(terms.licence()));
    // Hubs link these to models and data sets of theirs, and refuse what cannot be one.
    front.remove("datasets");
    front.remove("base_model");
    front.remove("base_model_relation");
    baseModel()
        .ifPresent(
            id -> {
              front.set("base_model", "base_model: " + FrontMatter.quoted(id));
              front.set("base_model_relation", "base_model_relation: finetune");
            });
    front.setIfMissing("pipeline_tag", "pipeline_tag: " + task);
    front.setIfMissing("tags", "tags:\n- " + task + "\n- transfer-learning\n- onnx\n- graft");
    front.setIfMissing("metrics", "metrics:\n- accuracy\n- f1");
    if (!front.has("model-index") && metrics.path("validation").has("accuracy")) {
      front.set("model-index", modelIndex(task));
    }
  }

  private Optional<String> baseModel() {
    String id = provenance.at("/backbone/id").asText().replaceFirst("^hf:", "");
    String withoutRevision = id.replaceFirst("@.*$", "");
    return HUB_ID.matcher(withoutRevision).matches()
        ? Optional.of(withoutRevision)
        : Optional.empty();
  }

  private String modelIndex(String task) {
    String data = LocalPaths.lastName(provenance.at("/data/name").asText("data"));
    StringBuilder yaml = new StringBuilder("model-index:\n- name: ");
    yaml.append(FrontMatter.quoted(data)).append("\n  results:");
    for (String part : List.of("test", "validation")) {
      JsonNode figures = metrics.path(part);
      if (figures.path("accuracy").isNumber()) {
        yaml.append("\n  - task:\n      type: ").append(task);
        yaml.append("\n    dataset:\n      name: ").append(FrontMatter.quoted(data));
        yaml.append("\n      type: ").append(FrontMatter.quoted(data));
        yaml.append("\n      split: ").append(part).append("\n    metrics:");
        metric(yaml, "accuracy", figures.path("accuracy"));
        metric(yaml, "f1", figures.path("macro_f1"));
      }
    }
    return yaml.toString();
  }

  private static void metric(StringBuilder yaml, String type, JsonNode value) {
    if (value.isNumber()) {
      yaml.append("\n    - type: ").append(type);
      yaml.append("\n      value: ");
      yaml.append(String.format(Locale.ROOT, "%.6f", value.asDouble()));
    }
  }

  // --- body --------------------------------------------------------------------------------------

  /** A copy of a copy tells about itself alone. */
  private static String withoutSection(String body) {
    int start = body.indexOf("\n" + SECTION + "\n");
    if (start < 0) {
      return body;
    }
    int end = body.indexOf("\n## ", start + SECTION.length());
    return body.substring(0, start) + (end < 0 ? "\n" : body.substring(end));
  }

  /** Remarks about the data may name files. */
  private String withoutNotes(String body) {
    String kept = body;
    for (JsonNode note : provenance.path("notes")) {
      kept = kept.replace("- " + MarkdownText.escape(note.asText()) + "\n", "");
    }
    return kept;
  }

  private String section(LicenceTerms terms, Optional<String> reason, List<String> leftOut) {
    StringBuilder text = new StringBuilder(SECTION + "\n\n");
    String backbone = provenance.at("/backbone/id").asText();
    if (!backbone.isEmpty()) {
      text.append("It rests on the weights of ")
          .append(MarkdownText.escape(LocalPaths.cut(backbone)))
          .append(", whose licence (")
          .append(MarkdownText.escape(terms.licence()))
          .append(") holds for it as well.");
      terms.condition().ifPresent(condition -> text.append(' ').append(condition));
      text.append("\n\n");
    }
    String dataTerms = provenance.path("data_terms").asText("");
    if (!dataTerms.isEmpty() && !dataTerms.equals("null")) {
      text.append("Terms of the data that the weights were trained on: ")
          .append(MarkdownText.escape(LocalPaths.cut(dataTerms)))
          .append("\n\n");
    }
    reason.ifPresent(
        words ->
            terms
                .obstacle()
                .ifPresent(
                    obstacle ->
                        text.append("> **Licence.** It was shared although ")
                            .append(MarkdownText.escape(obstacle))
                            .append(". The reason that was given: ")
                            .append(MarkdownText.escape(words))
                            .append("\n\n")));
    if (!leftOut.isEmpty()) {
      text.append("What training wrote and this copy does not hold:\n\n");
      leftOut.forEach(
          sentence -> text.append("- ").append(MarkdownText.escape(sentence)).append('\n'));
      text.append('\n');
    }
    text.append("`graft verify` checks its files against ")
        .append(MarkdownText.code(BundleLayout.FILES))
        .append(".\n");
    return text.toString();
  }
}

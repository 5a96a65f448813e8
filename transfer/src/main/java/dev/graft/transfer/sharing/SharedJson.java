package dev.graft.transfer.sharing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.Set;

/**
 * Figures and origin of a model as others may see them: only what is known to hold nothing of the
 * data but counts, figures and names of classes. What is new in such a file stays here until this
 * class knows it.
 */
final class SharedJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final Set<String> OF_METRICS =
      Set.of(
          "test",
          "validation",
          "validation_method",
          "strategy",
          "head",
          "seed",
          "precision",
          "examples",
          "left_out",
          "candidates",
          "history",
          "calibration",
          "learning_curve",
          "ladder",
          "operating_curve",
          "bag_of_words",
          "evaluated_side",
          "evaluated_samples",
          "evaluated_tokens",
          "seconds",
          "phases");

  private static final Set<String> OF_PROVENANCE =
      Set.of(
          "id",
          "data_terms",
          "split",
          "validation",
          "seed",
          "backbone",
          "architecture",
          "weights",
          "storage",
          "strategy",
          "head",
          "precision",
          "settings",
          "environment",
          "finished",
          "seconds",
          "phases");

  /** In {@code data}; the names of files that were left out are not among it. */
  private static final Set<String> OF_DATA =
      Set.of("hash", "classes", "examples", "left_out_count");

  private SharedJson() {}

  static ObjectNode metrics(ObjectNode metrics) {
    return kept(metrics, OF_METRICS);
  }

  static ObjectNode provenance(ObjectNode provenance) {
    ObjectNode shared = MAPPER.createObjectNode();
    if (provenance.get("data") instanceof ObjectNode data) {
      ObjectNode kept = shared.putObject("data");
      kept.put("name", LocalPaths.lastName(data.path("name").asText()));
      kept.setAll(kept(data, OF_DATA));
    }
    shared.setAll(kept(provenance, OF_PROVENANCE));
    if (shared.get("environment") instanceof ObjectNode environment
        && environment.path("command").isTextual()) {
      String command = provenance.at("/environment/command").asText();
      environment.put("command", LocalPaths.cutCommand(command));
    }
    return shared;
  }

  /** As a file. */
  static String text(ObjectNode json) {
    try {
      DefaultPrettyPrinter printer =
          new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
      return MAPPER.writer(printer).writeValueAsString(json) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static ObjectNode kept(ObjectNode json, Set<String> keys) {
    ObjectNode kept = MAPPER.createObjectNode();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      if (keys.contains(entry.getKey())) {
        kept.set(entry.getKey(), withoutPaths(entry.getValue()));
      }
    }
    return kept;
  }

  private static JsonNode withoutPaths(JsonNode node) {
    if (node.isTextual()) {
      return TextNode.valueOf(LocalPaths.cut(node.asText()));
    }
    if (node instanceof ObjectNode object) {
      ObjectNode copy = MAPPER.createObjectNode();
      object.properties().forEach(e -> copy.set(e.getKey(), withoutPaths(e.getValue())));
      return copy;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = MAPPER.createArrayNode();
      array.forEach(element -> copy.add(withoutPaths(element)));
      return copy;
    }
    return node;
  }
}

package dev.graft.transfer.comparison;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds what the provenance files of models do not have in common. */
final class Differences {
  /** Differ between any two runs, or are told elsewhere. */
  private static final Set<String> LEFT_AWAY =
      Set.of("finished", "seconds", "phases", "notes", "environment.command", "data.left_out");

  private Differences() {}

  /** What differs, in the order of the first file. */
  static List<Difference> of(List<ObjectNode> provenances) {
    List<Map<String, String>> flat = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (ObjectNode provenance : provenances) {
      Map<String, String> values = new LinkedHashMap<>();
      flatten("", provenance, values);
      flat.add(values);
      names.addAll(values.keySet());
    }
    List<Difference> differences = new ArrayList<>();
    for (String name : names) {
      List<Optional<String>> values =
          flat.stream().map(of -> Optional.ofNullable(of.get(name))).toList();
      if (values.stream().distinct().count() > 1) {
        differences.add(new Difference(name, values));
      }
    }
    return differences;
  }

  private static void flatten(String prefix, ObjectNode object, Map<String, String> values) {
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      String name = prefix + entry.getKey();
      if (LEFT_AWAY.contains(name)) {
        continue;
      }
      if (entry.getValue() instanceof ObjectNode inner) {
        flatten(name + ".", inner, values);
      } else {
        values.put(name, text(entry.getValue()));
      }
    }
  }

  private static String text(JsonNode value) {
    if (!value.isArray()) {
      return value.asText();
    }
    List<String> parts = new ArrayList<>();
    value.forEach(part -> parts.add(part.isValueNode() ? part.asText() : part.toString()));
    return String.join(", ", parts);
  }
}

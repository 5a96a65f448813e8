package dev.graft.transfer.evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parts that several of the JSON files share. */
final class EvidenceJson {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private EvidenceJson() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Two-space indentation and "\n" line ends on every platform. */
  static String text(ObjectNode object) {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    try {
      return MAPPER
              .writer(new DefaultPrettyPrinter().withObjectIndenter(indenter))
              .writeValueAsString(object)
          + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON nodes can always be written", e);
    }
  }

  /** Numbers that are none, such as the loss of a training that diverged, become null. */
  static void put(ObjectNode object, String key, double value) {
    if (Double.isFinite(value)) {
      object.put(key, value);
    } else {
      object.putNull(key);
    }
  }

  static void put(ObjectNode object, String key, Map<String, String> values) {
    ObjectNode child = object.putObject(key);
    values.forEach(child::put);
  }

  static void put(ObjectNode object, String key, List<String> values) {
    values.forEach(object.putArray(key)::add);
  }

  /** The number of examples of each class and part; parts that the data do not have are absent. */
  static ObjectNode counts(TrainingRecord.Data data) {
    ObjectNode counts = object();
    parts(data)
        .forEach(
            (part, byClass) -> {
              ObjectNode child = counts.putObject(part);
              data.classes().forEach(label -> child.put(label, byClass.getOrDefault(label, 0)));
            });
    return counts;
  }

  /** The parts that the data have, by name: "train", "validation", "test". */
  static Map<String, Map<String, Integer>> parts(TrainingRecord.Data data) {
    Map<String, Map<String, Integer>> parts = new LinkedHashMap<>();
    parts.put("train", data.trainCounts());
    if (!data.validationCounts().isEmpty()) {
      parts.put("validation", data.validationCounts());
    }
    if (!data.testCounts().isEmpty()) {
      parts.put("test", data.testCounts());
    }
    return parts;
  }

  /** Adds the durations, which differ between two runs of the same training. */
  static void putDurations(ObjectNode object, TrainingRecord record) {
    put(object, "seconds", record.totalSeconds());
    ObjectNode phases = object.putObject("phases");
    record.seconds().forEach((phase, seconds) -> put(phases, phase, seconds));
    record
        .findings()
        .ladder()
        .ifPresent(
            ladder -> {
              ObjectNode rungs = object.putObject("rung_seconds");
              ladder.rungs().forEach(rung -> put(rungs, rung.name(), rung.seconds()));
            });
  }
}

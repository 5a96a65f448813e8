package dev.graft.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The plain values of a JSON object that stands in one line. */
final class JsonLine {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonLine() {}

  /**
   * The values by the names of their fields in lower case; of names that are then equal the first
   * one counts. Null, lists and objects are no values.
   *
   * @throws IOException where the line is no JSON object
   */
  static Map<String, String> parse(String line) throws IOException {
    JsonNode object;
    try {
      object = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IOException("the line is no valid JSON object", e);
    }
    if (object == null || !object.isObject()) {
      throw new IOException("the line is no valid JSON object");
    }
    Map<String, String> values = new LinkedHashMap<>();
    object
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isValueNode() && !field.getValue().isNull()) {
                values.putIfAbsent(
                    DatasetOptions.columnName(field.getKey()), field.getValue().asText());
              }
            });
    return values;
  }
}

package dev.graft.transfer.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;

/**
 * Small JSON texts for the metadata of a model file, in ASCII: ONNX Runtime hands metadata to Java
 * in the modified UTF-8 of its native interface, which has other bytes for emoji. Stateless,
 * thread-safe.
 */
public final class MetadataJson {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private MetadataJson() {}

  /** A list of words. */
  public static String array(List<String> values) {
    return write(values);
  }

  /** Words by their names. */
  public static String object(Map<String, String> values) {
    return write(values);
  }

  private static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}

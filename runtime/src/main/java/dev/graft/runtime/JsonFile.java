package dev.graft.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads and writes the JSON objects of a bundle. */
final class JsonFile {

  static final long MAXIMUM_BYTES = 16L << 20;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonFile() {}

  static ObjectNode newObject() {
    return MAPPER.createObjectNode();
  }

  /** Parses text that came with a model, for example one of its metadata values. */
  static JsonNode parse(String text) throws JsonProcessingException {
    return MAPPER.readTree(text);
  }

  /**
   * Reads a file that must hold one JSON object.
   *
   * @throws BundleException if it is missing, larger than {@value #MAXIMUM_BYTES} bytes or no JSON
   *     object
   */
  static ObjectNode read(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAXIMUM_BYTES) {
        throw new BundleException(
            "Cannot read "
                + file
                + ": it has "
                + size
                + " bytes, the limit is "
                + MAXIMUM_BYTES
                + "; this is not a file that graft wrote");
      }
      if (MAPPER.readTree(Files.readAllBytes(file)) instanceof ObjectNode object) {
        return object;
      }
      throw new BundleException(
          "Cannot read " + file + ": expected a JSON object; restore the file graft wrote");
    } catch (JsonProcessingException e) {
      throw new BundleException(
          "Cannot read "
              + file
              + ": it is no valid JSON (line "
              + (e.getLocation() == null ? "unknown" : e.getLocation().getLineNr())
              + ": "
              + e.getOriginalMessage()
              + "); restore the file graft wrote",
          e);
    } catch (IOException e) {
      throw new BundleException("Cannot read " + file + ": " + e + "; check the file", e);
    }
  }

  /** Writes an object with two-space indentation and "\n" line ends on every platform. */
  static void write(Path file, ObjectNode object) {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(indenter);
    try {
      String text = MAPPER.writer(printer).writeValueAsString(object) + "\n";
      AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new BundleException("Cannot write " + file + ": " + e.getOriginalMessage(), e);
    }
  }
}

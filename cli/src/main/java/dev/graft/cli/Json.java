package dev.graft.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** JSON for other programs. */
final class Json {
  private static final long LARGEST_FILE_BYTES = 64L << 20;
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** On one line. */
  static String line(JsonNode node) {
    return write(node, false);
  }

  /** Indented, ending with a line end. */
  static String document(JsonNode node) {
    return write(node, true) + System.lineSeparator();
  }

  private static String write(JsonNode node, boolean indented) {
    try {
      return (indented ? MAPPER.writer(SerializationFeature.INDENT_OUTPUT) : MAPPER.writer())
          .writeValueAsString(node);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("Writing JSON failed", impossible);
    }
  }

  /** The content of a file; empty if it is missing, too large or no JSON object. */
  static Optional<ObjectNode> read(Path file) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_FILE_BYTES) {
        return Optional.empty();
      }
      return MAPPER.readTree(Files.readAllBytes(file)) instanceof ObjectNode object
          ? Optional.of(object)
          : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }
}

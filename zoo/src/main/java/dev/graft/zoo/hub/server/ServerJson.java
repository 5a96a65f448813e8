package dev.graft.zoo.hub.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** The server's JSON. */
final class ServerJson {
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private ServerJson() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static ArrayNode array() {
    return MAPPER.createArrayNode();
  }

  static byte[] bytes(JsonNode json) {
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** What a file of the server's own holds. */
  static JsonNode ofFile(byte[] content) throws IOException {
    return MAPPER.readTree(content);
  }

  /** What a client sent, which must be an object. */
  static ObjectNode ofClient(byte[] content, int length) {
    try {
      if (MAPPER.readTree(content, 0, length) instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException noJson) {
      // Refused below, as any other JSON is.
    }
    throw HubError.badRequest("A JSON object is expected");
  }
}

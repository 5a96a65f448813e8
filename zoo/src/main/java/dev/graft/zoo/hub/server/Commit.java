package dev.graft.zoo.hub.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.zoo.hub.HubFileName;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A state of a repository. Immutable.
 *
 * @param parent the commit before it; empty for the first one
 * @param title what was done, in one line
 * @param description more about it; may be empty
 * @param files by path
 */
record Commit(
    Optional<String> parent,
    String title,
    String description,
    Instant date,
    SortedMap<String, StoredFile> files) {
  private static final int ID_DIGITS = 40;

  Commit {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /** Follows from everything in it: 40 hexadecimal digits, as those of git. */
  String id() {
    return ContentDigest.hex(ServerJson.bytes(json())).substring(0, ID_DIGITS);
  }

  ObjectNode json() {
    ObjectNode json = ServerJson.object();
    json.put("parent", parent.orElse(null));
    json.put("title", title);
    json.put("description", description);
    json.put("date", date.toString());
    ObjectNode entries = json.putObject("files");
    for (Map.Entry<String, StoredFile> entry : files.entrySet()) {
      StoredFile file = entry.getValue();
      entries
          .putObject(entry.getKey())
          .put("size", file.size())
          .put("sha256", file.sha256())
          .put("blob", file.blob())
          .put("large", file.large());
    }
    return json;
  }

  /** Reads what {@link #json} gave. */
  static Commit of(JsonNode json) {
    SortedMap<String, StoredFile> files = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : json.path("files").properties()) {
      JsonNode file = entry.getValue();
      files.put(
          new HubFileName(entry.getKey()).text(),
          new StoredFile(
              file.path("size").asLong(),
              file.path("sha256").asText(),
              file.path("blob").asText(),
              file.path("large").asBoolean()));
    }
    return new Commit(
        Optional.ofNullable(json.path("parent").textValue()),
        json.path("title").asText(),
        json.path("description").asText(),
        Instant.parse(json.path("date").asText()),
        files);
  }
}

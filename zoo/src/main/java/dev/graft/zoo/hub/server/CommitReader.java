package dev.graft.zoo.hub.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.zoo.hub.HubException;
import dev.graft.zoo.hub.HubFileName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a commit as clients send it: a JSON object a line, each with a {@code key} and a {@code
 * value}. Contents go to the store line by line, so that no more than one of them is in memory. Not
 * thread-safe.
 */
final class CommitReader {
  private static final int LONGEST_TITLE = 1_000;
  private static final int LONGEST_DESCRIPTION = 65_536;

  private final ObjectStore objects;
  private final ServerLimits limits;
  private final Map<String, StoredFile> written = new HashMap<>();
  private final Set<String> deleted = new HashSet<>();
  private final Set<String> deletedFolders = new HashSet<>();
  private String title = "";
  private String description = "";
  private Optional<String> parent = Optional.empty();

  CommitReader(ObjectStore objects, ServerLimits limits) {
    this.objects = objects;
    this.limits = limits;
  }

  /**
   * Reads all lines.
   *
   * @throws HubError if one cannot be understood, is too long, or names what is not there
   */
  void read(InputStream body) throws IOException {
    // Base64 takes four characters for three bytes, and there is a path and JSON around it.
    int longest = (int) (limits.regularBytes() * 4 / 3) + 20_000;
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    byte[] chunk = new byte[1 << 16];
    long total = 0;
    for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
      total += count;
      if (total > limits.commitBytes()) {
        throw new HubError(413, "", "A commit has at most " + limits.commitBytes() + " bytes");
      }
      int start = 0;
      for (int i = 0; i < count; i++) {
        if (chunk[i] == '\n') {
          line.write(chunk, start, i - start);
          take(line);
          start = i + 1;
        }
      }
      line.write(chunk, start, count - start);
      if (line.size() > longest) {
        throw new HubError(
            413,
            "",
            "Files of "
                + limits.regularBytes()
                + " bytes and more are sent as objects, not inside a commit");
      }
    }
    take(line);
    if (title.isBlank()) {
      throw HubError.badRequest("A commit needs a header with a summary");
    }
  }

  private void take(ByteArrayOutputStream line) throws IOException {
    byte[] bytes = line.toByteArray();
    line.reset();
    if (new String(bytes, java.nio.charset.StandardCharsets.UTF_8).isBlank()) {
      return;
    }
    ObjectNode object = ServerJson.ofClient(bytes, bytes.length);
    JsonNode value = object.path("value");
    switch (object.path("key").asText()) {
      case "header" -> takeHeader(value);
      case "file" -> writeOnce(path(value), regular(value));
      case "lfsFile" -> writeOnce(path(value), large(value));
      case "deletedFile" -> deleted.add(path(value));
      case "deletedFolder" ->
          deletedFolders.add(name(value.path("path").asText().replaceAll("/$", "")));
      default ->
          throw HubError.badRequest(
              "A line of a commit is expected to have the key header, file, lfsFile, deletedFile"
                  + " or deletedFolder");
    }
    if (written.size() + deleted.size() > ServerLimits.MOST_FILES) {
      throw HubError.badRequest("A commit has at most " + ServerLimits.MOST_FILES + " files");
    }
  }

  private void takeHeader(JsonNode value) {
    title = cut(value.path("summary").asText(), LONGEST_TITLE);
    description = cut(value.path("description").asText(), LONGEST_DESCRIPTION);
    parent =
        Optional.ofNullable(value.path("parentCommit").textValue()).filter(id -> !id.isEmpty());
  }

  private static String cut(String text, int most) {
    return text.substring(0, Math.min(most, text.length()));
  }

  private void writeOnce(String path, StoredFile file) {
    if (written.put(path, file) != null) {
      throw HubError.badRequest(path + " stands in the commit twice");
    }
  }

  private static String path(JsonNode value) {
    return name(value.path("path").asText());
  }

  private static String name(String path) {
    try {
      HubFileName name = new HubFileName(path);
      // Others pull it to systems of every kind.
      if (name.isPortable()) {
        return name.text();
      }
    } catch (HubException leadsOut) {
      // Refused below, as a name is that not every system knows.
    }
    throw HubError.badRequest("A path in the commit is refused: " + cut(path, 200));
  }

  private StoredFile regular(JsonNode value) throws IOException {
    String content = value.path("content").asText();
    try {
      byte[] bytes =
          value.path("encoding").asText("utf-8").equals("base64")
              ? Base64.getMimeDecoder().decode(content)
              : content.getBytes(java.nio.charset.StandardCharsets.UTF_8);
      return objects.take(bytes);
    } catch (IllegalArgumentException damaged) {
      throw HubError.badRequest("The content of a file is no Base64");
    }
  }

  private StoredFile large(JsonNode value) throws IOException {
    String oid = value.path("oid").asText();
    long size = value.path("size").asLong(-1);
    if (!value.path("algo").asText("sha256").equals("sha256")
        || !ContentDigest.isSha256(oid)
        || size < 0
        || !objects.holds(oid, size)) {
      throw HubError.badRequest(
          "The object of " + cut(value.path("path").asText(), 200) + " was not sent");
    }
    return new StoredFile(size, oid, ContentDigest.pointer(oid, size), true);
  }

  CommitChanges changes() {
    return new CommitChanges(written, deleted, deletedFolders);
  }

  String title() {
    return title;
  }

  String description() {
    return description;
  }

  Optional<String> parent() {
    return parent;
  }
}

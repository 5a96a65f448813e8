package dev.graft.zoo.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The requests by which a repository is made and changed, objects excepted. */
final class HubWriting {
  static final String JSON_TYPE = "application/json";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LARGEST_ANSWER_BYTES = 4 << 20;
  private static final int FILES_A_REQUEST = 256;

  /** Hubs take larger ones as objects alone, whatever they say. */
  private static final long LARGEST_REGULAR_BYTES = 5 << 20;

  private final HubTransport hub;
  private final String doing;

  HubWriting(HubTransport hub, String doing) {
    this.hub = hub;
    this.doing = doing;
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  static byte[] bytes(JsonNode json) {
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** What the hub has. */
  RemoteModel look(ModelReference model) {
    String path = "/api/models/" + model.id() + "/revision/" + HubListing.encoded(model.revision());
    try (HubResponse response = hub.send(HubRequest.get(hub.address(path)), doing)) {
      String code = response.header("X-Error-Code").orElse("");
      if (code.equals("RevisionNotFound")) {
        return new RemoteModel(true, Optional.empty());
      }
      boolean unknown = response.status() == 404 || response.status() == 401;
      if (unknown && code.equals("RepoNotFound")) {
        return new RemoteModel(false, Optional.empty());
      }
      requireDone(response, model.id());
      String commit = response.json(doing, LARGEST_ANSWER_BYTES).path("sha").asText("");
      return new RemoteModel(true, Optional.of(commit).filter(ModelReference::isCommit));
    }
  }

  void create(RepositoryId id, boolean hidden) {
    int slash = id.text().indexOf('/');
    ObjectNode request = object();
    request.put("type", "model");
    request.put("name", id.text().substring(slash + 1));
    if (slash > 0) {
      request.put("organization", id.text().substring(0, slash));
    }
    request.put("private", hidden);
    request.put("visibility", hidden ? "private" : "public");
    URI address = hub.address("/api/repos/create");
    try (HubResponse response =
        hub.send(HubRequest.post(address, JSON_TYPE, bytes(request)), doing)) {
      // Somebody else was faster.
      if (response.status() != 409) {
        requireDone(response, id);
      }
    }
  }

  void branch(ModelReference model) {
    URI address =
        hub.address(
            "/api/models/" + model.id() + "/branch/" + HubListing.encoded(model.revision()));
    HubRequest request = HubRequest.post(address, JSON_TYPE, bytes(object()));
    try (HubResponse response = hub.send(request, doing)) {
      requireDone(response, model.id());
    }
  }

  /** Which files are sent as objects before the commit, by name. */
  Set<HubFileName> large(ModelReference model, List<PushedFile> files) throws IOException {
    Set<HubFileName> large = new HashSet<>();
    for (int first = 0; first < files.size(); first += FILES_A_REQUEST) {
      ask(model, files.subList(first, Math.min(first + FILES_A_REQUEST, files.size())), large);
    }
    for (PushedFile file : files) {
      if (file.sizeBytes() > LARGEST_REGULAR_BYTES) {
        large.add(file.name());
      }
    }
    return large;
  }

  private void ask(ModelReference model, List<PushedFile> files, Set<HubFileName> large)
      throws IOException {
    ObjectNode request = object();
    ArrayNode asked = request.putArray("files");
    for (PushedFile file : files) {
      asked
          .addObject()
          .put("path", file.name().text())
          .put("sample", file.sample())
          .put("size", file.sizeBytes());
    }
    URI address =
        hub.address(
            "/api/models/" + model.id() + "/preupload/" + HubListing.encoded(model.revision()));
    HubRequest post = HubRequest.post(address, JSON_TYPE, bytes(request)).asRepeatable();
    try (HubResponse response = hub.send(post, doing)) {
      requireDone(response, model.id());
      for (JsonNode told : response.json(doing, LARGEST_ANSWER_BYTES).path("files")) {
        for (PushedFile file : files) {
          // Empty files have no object, whatever a hub says.
          if (file.name().text().equals(told.path("path").asText())
              && told.path("uploadMode").asText().equals("lfs")
              && file.sizeBytes() > 0) {
            large.add(file.name());
          }
        }
      }
    }
  }

  /** What a commit changes. */
  record Change(
      List<PushedFile> files, Set<HubFileName> large, List<String> deleted, String parent) {}

  /** Makes the commit and gives what the hub tells of it. */
  JsonNode commit(PushRequest request, Change change) throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    ObjectNode header = object().put("summary", request.title()).put("description", "");
    header.put("parentCommit", change.parent());
    line(lines, "header", header);
    for (PushedFile file : change.files()) {
      ObjectNode value = object().put("path", file.name().text());
      if (change.large().contains(file.name())) {
        value.put("algo", "sha256").put("oid", file.sha256()).put("size", file.sizeBytes());
        line(lines, "lfsFile", value);
      } else {
        line(lines, "file", value.put("encoding", "base64").put("content", file.content()));
      }
    }
    for (String path : change.deleted()) {
      line(lines, "deletedFile", object().put("path", path));
    }
    ModelReference model = request.model();
    URI address =
        hub.address(
            "/api/models/"
                + model.id()
                + "/commit/"
                + HubListing.encoded(model.revision())
                + (request.pullRequest() ? "?create_pr=1" : ""));
    HubRequest post = HubRequest.post(address, "application/x-ndjson", lines.toByteArray());
    try (HubResponse response = hub.send(post, doing)) {
      requireDone(response, model.id());
      return response.json(doing, LARGEST_ANSWER_BYTES);
    }
  }

  private static void line(ByteArrayOutputStream lines, String key, ObjectNode value) {
    ObjectNode line = object().put("key", key);
    line.set("value", value);
    lines.writeBytes(bytes(line));
    lines.writeBytes("\n".getBytes(StandardCharsets.UTF_8));
  }

  /** Refuses what is no success, in words for those who write. */
  void requireDone(HubResponse response, RepositoryId id) {
    int status = response.status();
    String answer = response.answer();
    if (status == 401 || status == 403) {
      response.close();
      throw new HubException(
          HubException.Cause.GATED,
          doing
              + ": the hub does not let you write to "
              + id
              + " ("
              + answer
              + "). Set HF_TOKEN to a token that may write there.");
    }
    if (status == 412) {
      response.close();
      throw new HubException(
          HubException.Cause.NETWORK,
          doing
              + ": somebody else has changed "
              + id
              + " meanwhile ("
              + answer
              + "). Look at it, then push again: what was sent is kept.");
    }
    response.requireSuccess(doing, "model " + id);
  }
}

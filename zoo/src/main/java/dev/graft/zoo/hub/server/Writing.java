package dev.graft.zoo.hub.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.zoo.hub.RepositoryId;
import java.io.IOException;
import java.util.Base64;

/** Makes repositories, branches and commits. Thread-safe. */
final class Writing {
  private static final int MOST_FILES_ASKED_ABOUT = 1_000;

  private final RepositoryFolders repositories;
  private final ServerLimits limits;

  Writing(RepositoryFolders repositories, ServerLimits limits) {
    this.repositories = repositories;
    this.limits = limits;
  }

  void create(HubExchange exchange, String address) throws IOException {
    ObjectNode request = exchange.json();
    String type = request.path("type").asText("model");
    if (!type.equals("model")) {
      throw HubError.badRequest("This server keeps models alone");
    }
    String organisation = request.path("organization").asText("");
    String name = request.path("name").asText("");
    int slash = name.indexOf('/');
    RepositoryId id =
        (slash < 0
                ? RepositoryFolders.id(organisation, name)
                : RepositoryFolders.id(name.substring(0, slash), name.substring(slash + 1)))
            .orElseThrow(
                () -> HubError.badRequest("An organization and a name of letters are expected"));
    boolean hidden =
        request.path("private").asBoolean(false)
            || request.path("visibility").asText().equals("private");
    repositories.create(id, hidden);
    exchange.answer(
        200,
        ServerJson.object()
            .put("url", address + "/" + id)
            .put("name", id.text())
            .put("id", id.text()));
  }

  /** Tells for each file whether it goes into the commit or is sent as an object before. */
  void preupload(HubExchange exchange, Repository.Resolved at) throws IOException {
    JsonNode files = exchange.json().path("files");
    if (files.size() > MOST_FILES_ASKED_ABOUT) {
      throw HubError.badRequest("At most " + MOST_FILES_ASKED_ABOUT + " files are expected");
    }
    ObjectNode answer = ServerJson.object();
    ArrayNode modes = answer.putArray("files");
    for (JsonNode file : files) {
      String path = file.path("path").asText();
      long size = file.path("size").asLong(-1);
      boolean large =
          size != 0 && (size >= limits.regularBytes() || isBinary(file.path("sample").asText()));
      StoredFile there = at.commit().files().get(path);
      modes
          .addObject()
          .put("path", path)
          .put("uploadMode", large ? "lfs" : "regular")
          .put("shouldIgnore", false)
          .put("oid", there == null ? null : there.etag());
    }
    exchange.answer(200, answer);
  }

  private static boolean isBinary(String sample) {
    try {
      for (byte value : Base64.getDecoder().decode(sample)) {
        if (value == 0) {
          return true;
        }
      }
      return false;
    } catch (IllegalArgumentException noBase64) {
      return true;
    }
  }

  void branch(HubExchange exchange, KeptRepository repository, String name) throws IOException {
    String from = exchange.json().path("startingPoint").asText(Repository.MAIN);
    repository.branch(name, from);
    exchange.answer(200, ServerJson.object());
  }

  void commit(
      HubExchange exchange,
      RepositoryId id,
      KeptRepository repository,
      String revision,
      String address)
      throws IOException {
    CommitReader reader = new CommitReader(repository.objects(), limits);
    reader.read(exchange.body());
    boolean pullRequest = exchange.query("create_pr").orElse("").matches("(?i)true|1");
    KeptRepository.Made made =
        repository.commit(
            new KeptRepository.Target(revision, reader.parent(), pullRequest),
            reader.changes(),
            reader.title(),
            reader.description());
    ObjectNode answer = ServerJson.object();
    answer.put("success", true);
    answer.put("commitOid", made.id());
    answer.put("commitUrl", address + "/" + id + "/commit/" + made.id());
    answer.put("hookOutput", "");
    if (pullRequest) {
      String number = made.revision().substring(made.revision().lastIndexOf('/') + 1);
      answer.put("pullRequestUrl", address + "/" + id + "/discussions/" + number);
      answer.put("pullRequestRevision", made.revision());
    }
    exchange.answer(200, answer);
  }
}

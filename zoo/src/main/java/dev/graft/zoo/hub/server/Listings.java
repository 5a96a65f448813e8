package dev.graft.zoo.hub.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.zoo.hub.RepositoryId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Answers with lists of repositories and of their files. Thread-safe. */
final class Listings {
  private final RepositoryFolders repositories;
  private final int pageEntries;

  Listings(RepositoryFolders repositories, ServerLimits limits) {
    this.repositories = repositories;
    this.pageEntries = limits.pageEntries();
  }

  // --- repositories ------------------------------------------------------------------------------

  void repositories(HubExchange exchange, String address) throws IOException {
    String author = exchange.query("author").orElse("");
    String search = exchange.query("search").orElse("").toLowerCase(Locale.ROOT);
    List<ObjectNode> entries = new ArrayList<>();
    for (RepositoryId id : repositories.ids()) {
      boolean wanted =
          (author.isEmpty() || id.text().startsWith(author + "/"))
              && id.text().toLowerCase(Locale.ROOT).contains(search);
      Optional<Repository> repository = wanted ? repositories.find(id) : Optional.empty();
      if (repository.isPresent() && (exchange.isAuthorised() || !repository.get().isPrivate())) {
        entries.add(
            ServerJson.object()
                .put("id", id.text())
                .put("modelId", id.text())
                .put("private", repository.get().isPrivate()));
      }
    }
    page(exchange, address + "/api/models", entries);
  }

  void repository(
      HubExchange exchange, RepositoryId id, Repository repository, Repository.Resolved at)
      throws IOException {
    ObjectNode json = ServerJson.object();
    json.put("id", id.text());
    json.put("modelId", id.text());
    json.put("author", id.text().substring(0, id.text().indexOf('/')));
    json.put("sha", at.id());
    json.put("private", repository.isPrivate());
    json.put("gated", false);
    json.put("disabled", false);
    json.put("lastModified", at.commit().date().toString());
    json.putArray("tags");
    ArrayNode siblings = json.putArray("siblings");
    at.commit().files().keySet().forEach(path -> siblings.addObject().put("rfilename", path));
    exchange.answer(200, json);
  }

  // --- files -------------------------------------------------------------------------------------

  /**
   * @param folder with a slash at its end; empty for the whole repository
   */
  void files(HubExchange exchange, String place, Repository.Resolved at, String folder)
      throws IOException {
    boolean deep = exchange.query("recursive").orElse("").matches("(?i)true|1");
    Map<String, ObjectNode> entries = new TreeMap<>();
    for (Map.Entry<String, StoredFile> entry : at.commit().files().entrySet()) {
      String path = entry.getKey();
      if (!path.startsWith(folder)) {
        continue;
      }
      for (int slash = path.indexOf('/', folder.length());
          slash >= 0;
          slash = deep ? path.indexOf('/', slash + 1) : -1) {
        entries.computeIfAbsent(path.substring(0, slash), Listings::directory);
      }
      if (deep || path.indexOf('/', folder.length()) < 0) {
        entries.put(path, file(path, entry.getValue()));
      }
    }
    if (entries.isEmpty() && !folder.isEmpty()) {
      throw HubError.noEntry();
    }
    page(exchange, place, List.copyOf(entries.values()));
  }

  /** Those of some paths that are files. */
  void paths(HubExchange exchange, Repository.Resolved at) throws IOException {
    ArrayNode answer = ServerJson.array();
    for (String path : asked(exchange)) {
      StoredFile file = at.commit().files().get(path);
      if (file != null) {
        answer.add(file(path, file));
      }
    }
    exchange.answer(200, answer);
  }

  /** Clients ask with a form or with JSON. */
  private static List<String> asked(HubExchange exchange) throws IOException {
    boolean form =
        exchange.header("Content-Type").orElse("").startsWith("application/x-www-form-urlencoded");
    if (form) {
      return RequestPath.values(exchange.text(), "paths");
    }
    List<String> paths = new ArrayList<>();
    exchange.json().path("paths").forEach(path -> paths.add(path.asText()));
    return paths;
  }

  private static ObjectNode directory(String path) {
    // Hubs give the digest of git's tree here; there is no git behind this server.
    String oid = ContentDigest.hex(path.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return ServerJson.object()
        .put("type", "directory")
        .put("oid", oid.substring(0, 40))
        .put("size", 0)
        .put("path", path);
  }

  private static ObjectNode file(String path, StoredFile file) {
    ObjectNode json =
        ServerJson.object()
            .put("type", "file")
            .put("oid", file.blob())
            .put("size", file.size())
            .put("path", path);
    if (file.large()) {
      json.putObject("lfs")
          .put("oid", file.sha256())
          .put("size", file.size())
          .put("pointerSize", ContentDigest.pointerText(file.sha256(), file.size()).length);
    }
    return json;
  }

  private void page(HubExchange exchange, String place, List<ObjectNode> entries)
      throws IOException {
    int first = exchange.query("cursor").flatMap(RequestPath::number).orElse(0L).intValue();
    int most =
        exchange
            .query("limit")
            .flatMap(RequestPath::number)
            .map(asked -> (int) Math.min(Math.max(asked, 1), pageEntries))
            .orElse(pageEntries);
    int start = Math.min(Math.max(first, 0), entries.size());
    int end = Math.min(start + most, entries.size());
    if (end < entries.size()) {
      String kept = keptQuery(exchange);
      exchange.set(
          "Link",
          "<" + place + "?" + kept + "limit=" + most + "&cursor=" + end + ">; rel=\"next\"");
    }
    ArrayNode page = ServerJson.array();
    entries.subList(start, end).forEach(page::add);
    exchange.answer(200, page);
  }

  private static String keptQuery(HubExchange exchange) {
    StringBuilder kept = new StringBuilder();
    for (String name : List.of("recursive", "author", "search")) {
      exchange
          .query(name)
          .ifPresent(value -> kept.append(name).append('=').append(encoded(value)).append('&'));
    }
    return kept.toString();
  }

  private static String encoded(String value) {
    return java.net.URLEncoder.encode(value, java.nio.charset.StandardCharsets.UTF_8);
  }
}

package dev.graft.zoo.hub.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.zoo.hub.RepositoryId;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Finds out what a request asks for, whether that is allowed, and who answers it. Thread-safe. */
final class HubRequests {
  private static final String GIT = ".git";
  private static final List<String> OBJECTS = List.of("info", "lfs", "objects");

  private final RepositoryFolders repositories;
  private final boolean writable;
  private final Optional<URI> publicAddress;
  private final Listings listings;
  private final Writing writing;
  private final LargeFiles largeFiles;

  HubRequests(
      RepositoryFolders repositories,
      ServerLimits limits,
      boolean writable,
      Optional<URI> publicAddress) {
    this.repositories = repositories;
    this.writable = writable;
    this.publicAddress = publicAddress;
    this.listings = new Listings(repositories, limits);
    this.writing = new Writing(repositories, limits);
    this.largeFiles = new LargeFiles(limits);
  }

  /**
   * Answers.
   *
   * @throws HubError if it is refused
   */
  void answer(HubExchange exchange) throws IOException {
    List<String> parts = exchange.parts();
    if (parts.isEmpty() && exchange.reads()) {
      byte[] text =
          "A model hub; graft pull org/name pulls from it.\n".getBytes(StandardCharsets.UTF_8);
      exchange.answer(200, "text/plain; charset=utf-8", text);
    } else if (parts.size() >= 2 && parts.get(0).equals("api")) {
      api(exchange, parts.subList(1, parts.size()));
    } else if (parts.size() >= 5 && parts.get(2).equals("resolve") && exchange.reads()) {
      Repository repository = readable(exchange, id(parts.get(0), parts.get(1)));
      FileAnswers.send(
          exchange, repository, at(repository, parts.get(3)), path(parts.subList(4, parts.size())));
    } else if (parts.size() >= 6
        && parts.get(1).endsWith(GIT)
        && parts.subList(2, 5).equals(OBJECTS)) {
      objects(exchange, parts);
    } else {
      throw HubError.noSuchPage();
    }
  }

  // --- /api --------------------------------------------------------------------------------------

  private void api(HubExchange exchange, List<String> parts) throws IOException {
    String first = parts.get(0);
    if (first.equals("whoami-v2") && parts.size() == 1 && exchange.reads()) {
      whoAmI(exchange);
    } else if (parts.equals(List.of("repos", "create")) && exchange.is("POST")) {
      requireWriting(exchange);
      writing.create(exchange, address(exchange));
    } else if (first.equals("models") && parts.size() == 1 && exchange.reads()) {
      listings.repositories(exchange, address(exchange));
    } else if (first.equals("models") && parts.size() >= 3) {
      model(exchange, id(parts.get(1), parts.get(2)), parts.subList(3, parts.size()));
    } else {
      throw HubError.noSuchPage();
    }
  }

  private void whoAmI(HubExchange exchange) throws IOException {
    if (!exchange.isAuthorised()) {
      throw new HubError(401, "", "Invalid username or password.");
    }
    ObjectNode answer = ServerJson.object();
    answer.put("type", "user").put("name", "graft").putArray("orgs");
    answer.putObject("auth").putObject("accessToken").put("role", "write");
    exchange.answer(200, answer);
  }

  private void model(HubExchange exchange, RepositoryId id, List<String> rest) throws IOException {
    String what = rest.isEmpty() ? "" : rest.get(0);
    String revision = rest.size() < 2 ? Repository.MAIN : rest.get(1);
    if (exchange.reads()) {
      Repository repository = readable(exchange, id);
      if (rest.isEmpty() || (what.equals("revision") && rest.size() == 2)) {
        listings.repository(exchange, id, repository, at(repository, revision));
      } else if (what.equals("tree") && rest.size() >= 2) {
        String folder = rest.size() == 2 ? "" : path(rest.subList(2, rest.size())) + "/";
        String place = address(exchange) + "/api/models/" + id + "/tree/" + encoded(rest);
        listings.files(exchange, place, at(repository, revision), folder);
      } else {
        throw HubError.noSuchPage();
      }
      return;
    }
    if (rest.size() != 2 || !exchange.is("POST")) {
      throw HubError.noSuchPage();
    }
    if (what.equals("paths-info")) {
      listings.paths(exchange, at(readable(exchange, id), revision));
      return;
    }
    requireWriting(exchange);
    Repository repository = readable(exchange, id);
    switch (what) {
      case "preupload" -> writing.preupload(exchange, at(repository, revision));
      case "commit" -> writing.commit(exchange, id, kept(repository), revision, address(exchange));
      case "branch" -> writing.branch(exchange, kept(repository), revision);
      default -> throw HubError.noSuchPage();
    }
  }

  private static String encoded(List<String> rest) {
    StringBuilder path = new StringBuilder();
    for (String part : rest.subList(1, rest.size())) {
      path.append(path.isEmpty() ? "" : "/")
          .append(java.net.URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"));
    }
    return path.toString();
  }

  // --- objects -----------------------------------------------------------------------------------

  private void objects(HubExchange exchange, List<String> parts) throws IOException {
    String name = parts.get(1).substring(0, parts.get(1).length() - GIT.length());
    RepositoryId id = id(parts.get(0), name);
    List<String> rest = parts.subList(5, parts.size());
    boolean single = rest.size() == 1 && exchange.is("POST");
    if (single && rest.get(0).equals("batch")) {
      requireWriting(exchange);
      KeptRepository repository = kept(readable(exchange, id));
      largeFiles.batch(exchange, id, repository, address(exchange));
    } else if (single && rest.get(0).equals("verify")) {
      requireWriting(exchange);
      largeFiles.verify(exchange, kept(readable(exchange, id)));
    } else {
      // The address itself proves that it was given to somebody who may.
      requireWritable();
      Repository repository = repositories.find(id).orElseThrow(HubError::noRepository);
      largeFiles.take(exchange, id, kept(repository), rest);
    }
  }

  // --- who may do what ---------------------------------------------------------------------------

  /** A repository that the one who asks may see; others are told that there is none. */
  private Repository readable(HubExchange exchange, RepositoryId id) throws IOException {
    Optional<Repository> repository = repositories.find(id);
    if (repository.isPresent() && (exchange.isAuthorised() || !repository.get().isPrivate())) {
      return repository.get();
    }
    if (writable && !exchange.isAuthorised()) {
      throw new HubError(401, "RepoNotFound", "Repository not found");
    }
    throw HubError.noRepository();
  }

  private void requireWriting(HubExchange exchange) {
    requireWritable();
    if (!exchange.isAuthorised()) {
      throw new HubError(401, "", "A token is needed to write");
    }
  }

  private void requireWritable() {
    if (!writable) {
      throw new HubError(403, "", "This server is read-only: it was started without a token");
    }
  }

  private static KeptRepository kept(Repository repository) {
    if (repository instanceof KeptRepository kept) {
      return kept;
    }
    throw new HubError(403, "", "This model is a plain folder on the server; push to another name");
  }

  private static RepositoryId id(String organisation, String name) {
    return RepositoryFolders.id(organisation, name).orElseThrow(HubError::noRepository);
  }

  private static Repository.Resolved at(Repository repository, String revision) throws IOException {
    return repository.at(revision).orElseThrow(() -> HubError.noRevision(revision));
  }

  /** Looked up in a list of files, and never resolved against a folder. */
  private static String path(List<String> parts) {
    for (String part : parts) {
      if (part.contains("/")) {
        throw HubError.badRequest("A slash in a file's name cannot be encoded");
      }
    }
    return String.join("/", parts);
  }

  private String address(HubExchange exchange) {
    return publicAddress
        .map(address -> address.toString().replaceAll("/+$", ""))
        .orElseGet(exchange::address);
  }
}

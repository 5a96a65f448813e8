package dev.graft.zoo.hub.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * A repository that clients write to. Its folder holds:
 *
 * <pre>
 * .graft-hub/state.json        whether it is private, and the commit of each branch
 * .graft-hub/commits/ID.json   see {@link Commit}
 * .graft-hub/objects/          see {@link ObjectStore}
 * .graft-hub/uploads/          parts of objects that are being sent
 * .graft-hub/lock              held while state.json changes, by any process
 * </pre>
 *
 * <p>Commits and objects are never changed, and state.json is replaced as a whole, so that readers
 * need no lock. Thread-safe.
 */
final class KeptRepository implements Repository {
  private static final String FOLDER = ".graft-hub";
  private static final String REFERENCES = "refs";
  private static final String PULL_REQUEST = "refs/pr/";
  private static final String HEADS = "refs/heads/";
  private static final int MOST_KNOWN_COMMITS = 64;
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern REVISION = Pattern.compile("\\w[\\w.+-]*(/\\w[\\w.+-]*)*");
  private static final int LONGEST_REVISION = 200;

  private final Path home;
  private final ObjectStore objects;
  private final Map<String, Commit> known = new ConcurrentHashMap<>();

  /** Where a commit goes. */
  record Target(String revision, Optional<String> expectedParent, boolean pullRequest) {}

  /** A commit that was made, and the branch that it is on. */
  record Made(String id, String revision) {}

  KeptRepository(Path folder) {
    this.home = folder.resolve(FOLDER);
    this.objects = new ObjectStore(home.resolve("objects"), home.resolve("uploads"));
  }

  /** Whether a folder is one. */
  static boolean isAt(Path folder) {
    return Files.isRegularFile(folder.resolve(FOLDER).resolve("state.json"));
  }

  /** Makes one with a first commit of no files; nothing changes where it is there. */
  static KeptRepository create(Path folder, boolean hidden) throws IOException {
    KeptRepository repository = new KeptRepository(folder);
    Files.createDirectories(repository.home);
    repository.locked(
        () -> {
          if (!isAt(folder)) {
            String id =
                repository.keep(
                    new Commit(Optional.empty(), "initial commit", "", now(), new TreeMap<>()));
            ObjectNode state = ServerJson.object();
            state.put("private", hidden);
            state.putObject(REFERENCES).put(MAIN, id);
            repository.writeState(state);
          }
          return isAt(folder);
        });
    return repository;
  }

  ObjectStore objects() {
    return objects;
  }

  @Override
  public boolean isPrivate() throws IOException {
    // What cannot be read is not shown to everybody.
    return state().path("private").asBoolean(true);
  }

  @Override
  public Optional<Resolved> at(String revision) throws IOException {
    String id = COMMIT.matcher(revision).matches() ? revision : branch(state(), revision);
    if (id.isEmpty()) {
      return Optional.empty();
    }
    Optional<Commit> commit = commit(id);
    return commit.map(found -> new Resolved(id, found));
  }

  @Override
  public Path content(String path, StoredFile file) {
    return objects.at(file.sha256());
  }

  /** Makes a branch of another one's commit. */
  void branch(String name, String from) throws IOException {
    requireBranch(name);
    locked(
        () -> {
          ObjectNode state = state();
          if (!branch(state, name).isEmpty()) {
            throw HubError.conflict("The branch " + name + " exists already");
          }
          Resolved start = at(from).orElseThrow(() -> HubError.noRevision(from));
          references(state).put(name, start.id());
          writeState(state);
          return start;
        });
  }

  /**
   * Adds a commit, all of whose objects are there.
   *
   * @throws HubError if the branch is missing, or is not at the parent that was expected
   */
  Made commit(Target target, CommitChanges changes, String title, String description)
      throws IOException {
    return locked(
        () -> {
          ObjectNode state = state();
          String revision = target.revision();
          Resolved head = at(revision).orElseThrow(() -> HubError.noRevision(revision));
          if (!target.pullRequest() && branch(state, revision).isEmpty()) {
            throw HubError.badRequest(
                "A commit is added to a branch, and " + revision + " is none");
          }
          Optional<String> expected = target.expectedParent();
          if (expected.isPresent() && !expected.get().equals(head.id())) {
            throw new HubError(412, "", "The branch " + revision + " has moved on to " + head.id());
          }
          SortedMap<String, StoredFile> files = changes.appliedTo(head.commit().files());
          if (!target.pullRequest() && files.equals(head.commit().files())) {
            return new Made(head.id(), plainName(revision));
          }
          String id = keep(new Commit(Optional.of(head.id()), title, description, now(), files));
          String name = target.pullRequest() ? nextPullRequest(state) : plainName(revision);
          references(state).put(name, id);
          writeState(state);
          return new Made(id, name);
        });
  }

  private static String nextPullRequest(ObjectNode state) {
    int number = 1;
    while (references(state).has(PULL_REQUEST + number)) {
      number++;
    }
    return PULL_REQUEST + number;
  }

  private static void requireBranch(String name) {
    if (name.length() > LONGEST_REVISION
        || !REVISION.matcher(name).matches()
        || name.startsWith("refs/")
        || name.contains("..")
        || COMMIT.matcher(name).matches()) {
      throw HubError.badRequest("This cannot be the name of a branch");
    }
  }

  private static String branch(ObjectNode state, String revision) {
    return references(state).path(plainName(revision)).asText("");
  }

  private static String plainName(String revision) {
    return revision.startsWith(HEADS) ? revision.substring(HEADS.length()) : revision;
  }

  private static ObjectNode references(ObjectNode state) {
    return state.get(REFERENCES) instanceof ObjectNode found ? found : state.putObject(REFERENCES);
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  private Optional<Commit> commit(String id) throws IOException {
    Commit seen = known.get(id);
    if (seen != null) {
      return Optional.of(seen);
    }
    Path file = home.resolve("commits").resolve(id + ".json");
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    Commit commit = Commit.of(ServerJson.ofFile(Files.readAllBytes(file)));
    if (known.size() >= MOST_KNOWN_COMMITS) {
      known.clear();
    }
    known.put(id, commit);
    return Optional.of(commit);
  }

  private String keep(Commit commit) throws IOException {
    String id = commit.id();
    WholeFile.write(home.resolve("commits").resolve(id + ".json"), ServerJson.bytes(commit.json()));
    return id;
  }

  private ObjectNode state() throws IOException {
    JsonNode state = ServerJson.ofFile(Files.readAllBytes(home.resolve("state.json")));
    return state instanceof ObjectNode object ? object : ServerJson.object();
  }

  private void writeState(ObjectNode state) throws IOException {
    WholeFile.write(home.resolve("state.json"), ServerJson.bytes(state));
  }

  private interface Change<T> {
    T make() throws IOException;
  }

  /** One change at a time, of all threads and processes. */
  private synchronized <T> T locked(Change<T> change) throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      if (!lock.isValid()) {
        throw new IOException("the lock of " + home + " was lost");
      }
      return change.make();
    }
  }
}

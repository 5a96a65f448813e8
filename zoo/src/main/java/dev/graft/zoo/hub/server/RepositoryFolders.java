package dev.graft.zoo.hub.server;

import dev.graft.zoo.hub.HubException;
import dev.graft.zoo.hub.HubFileName;
import dev.graft.zoo.hub.RepositoryId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The served folder: {@code org/name} are two folders in it. Thread-safe. */
final class RepositoryFolders {
  private final Path root;
  private final ServerLimits limits;
  private final Map<String, Repository> open = new ConcurrentHashMap<>();

  /**
   * @param root without links in its path
   */
  RepositoryFolders(Path root, ServerLimits limits) {
    this.root = root;
    this.limits = limits;
  }

  /** Reads an id; empty where it cannot be one. */
  static Optional<RepositoryId> id(String organisation, String name) {
    try {
      RepositoryId id = new RepositoryId(organisation + "/" + name);
      return new HubFileName(id.text()).isPortable() ? Optional.of(id) : Optional.empty();
    } catch (HubException none) {
      return Optional.empty();
    }
  }

  Optional<Repository> find(RepositoryId id) throws IOException {
    Path folder = root.resolve(id.text());
    if (!isFolder(folder.resolveSibling("")) || !isFolder(folder)) {
      open.remove(id.text());
      return Optional.empty();
    }
    boolean kept = KeptRepository.isAt(folder);
    return Optional.of(
        open.compute(
            id.text(),
            (text, before) -> {
              if (before != null && before instanceof KeptRepository == kept) {
                return before;
              }
              return kept
                  ? new KeptRepository(folder)
                  : new PlainRepository(folder, limits.regularBytes());
            }));
  }

  /**
   * Makes a repository.
   *
   * @throws HubError if there is one
   */
  synchronized KeptRepository create(RepositoryId id, boolean hidden) throws IOException {
    Path folder = root.resolve(id.text());
    if (find(id).isPresent()) {
      throw HubError.conflict("You already created this model repo");
    }
    Path organisation = folder.resolveSibling("");
    if (Files.exists(organisation, LinkOption.NOFOLLOW_LINKS) && !isFolder(organisation)) {
      throw HubError.badRequest("The organisation cannot be used");
    }
    Files.createDirectories(folder);
    KeptRepository created = KeptRepository.create(folder, hidden);
    return find(id).orElse(created) instanceof KeptRepository kept ? kept : created;
  }

  /**
   * Reads every plain folder once, which takes some seconds a gigabyte, so that the first client
   * does not wait for it. What cannot be read is told to those who ask for it.
   */
  void readAhead() {
    try {
      for (RepositoryId id : ids()) {
        Optional<Repository> repository = find(id);
        if (repository.isPresent()) {
          repository.get().at(Repository.MAIN);
        }
      }
    } catch (IOException | HubError toldLater) {
      // The same happens again when it is asked for.
    }
  }

  /** All ids, in order. */
  List<RepositoryId> ids() throws IOException {
    List<RepositoryId> ids = new ArrayList<>();
    for (Path organisation : folders(root)) {
      for (Path repository : folders(organisation)) {
        id(name(organisation), name(repository)).ifPresent(ids::add);
      }
    }
    return ids;
  }

  private static List<Path> folders(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(RepositoryFolders::isFolder).sorted().toList();
    }
  }

  private static String name(Path folder) {
    return String.valueOf(folder.getFileName());
  }

  private static boolean isFolder(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }
}

package dev.graft.zoo.hub.server;

import dev.graft.zoo.hub.HubException;
import dev.graft.zoo.hub.HubFileName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A folder that somebody put there: it has one commit, whose id follows from what the files hold.
 * Hidden files and symbolic links are not served. Thread-safe.
 */
final class PlainRepository implements Repository {
  private static final int MOST_LEVELS = 16;
  private static final int CHUNK_BYTES = 1 << 17;

  private final Path folder;
  private final long regularBytes;
  private Map<String, Known> known = Map.of();

  /** A file whose digests were computed, and by what a change of it is noticed. */
  private record Known(long size, FileTime modified, Optional<Object> key, StoredFile file) {
    boolean isStill(BasicFileAttributes found) {
      return found.size() == size
          && found.lastModifiedTime().equals(modified)
          && Optional.ofNullable(found.fileKey()).equals(key);
    }
  }

  /**
   * @param folder without links in its path
   * @param regularBytes files from this size on are known by their SHA-256
   */
  PlainRepository(Path folder, long regularBytes) {
    this.folder = folder;
    this.regularBytes = regularBytes;
  }

  @Override
  public boolean isPrivate() {
    return false;
  }

  @Override
  public Optional<Resolved> at(String revision) throws IOException {
    Commit commit = commit();
    String id = commit.id();
    return revision.equals(MAIN) || revision.equals(id)
        ? Optional.of(new Resolved(id, commit))
        : Optional.empty();
  }

  @Override
  public Path content(String path, StoredFile file) {
    // The path is one that was found in the folder, link by link; it is not the client's.
    return folder.resolve(path);
  }

  private synchronized Commit commit() throws IOException {
    Map<String, Known> found = new HashMap<>();
    SortedMap<String, StoredFile> files = new TreeMap<>();
    Instant[] newest = {Instant.EPOCH};
    for (Map.Entry<String, BasicFileAttributes> entry : list().entrySet()) {
      String path = entry.getKey();
      BasicFileAttributes attributes = entry.getValue();
      Known before = known.get(path);
      Known now =
          before != null && before.isStill(attributes)
              ? before
              : new Known(
                  attributes.size(),
                  attributes.lastModifiedTime(),
                  Optional.ofNullable(attributes.fileKey()),
                  read(folder.resolve(path), attributes.size()));
      found.put(path, now);
      files.put(path, now.file());
      Instant modified = attributes.lastModifiedTime().toInstant();
      newest[0] = modified.isAfter(newest[0]) ? modified : newest[0];
    }
    known = found;
    // The date is no part of the id, or touching a file would change it.
    return new Commit(Optional.empty(), folder.getFileName() + "", "", Instant.EPOCH, files);
  }

  private SortedMap<String, BasicFileAttributes> list() throws IOException {
    SortedMap<String, BasicFileAttributes> files = new TreeMap<>();
    Files.walkFileTree(
        folder,
        Set.of(),
        MOST_LEVELS,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path sub, BasicFileAttributes attributes) {
            return !sub.equals(folder) && isHidden(sub)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            Optional<String> name = name(file);
            if (attributes.isRegularFile() && !isHidden(file) && name.isPresent()) {
              files.put(name.get(), attributes);
            }
            return files.size() < ServerLimits.MOST_FILES
                ? FileVisitResult.CONTINUE
                : FileVisitResult.TERMINATE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }

  private static boolean isHidden(Path file) {
    return String.valueOf(file.getFileName()).startsWith(".");
  }

  /** With slashes; empty for one that no client would take. */
  private Optional<String> name(Path file) {
    String separator = folder.getFileSystem().getSeparator();
    String path = folder.relativize(file).toString();
    try {
      HubFileName name =
          new HubFileName(separator.equals("/") ? path : path.replace(separator, "/"));
      return Optional.of(name.text()).filter(text -> name.isPortable());
    } catch (HubException noName) {
      return Optional.empty();
    }
  }

  private StoredFile read(Path file, long size) throws IOException {
    ContentDigest digest = new ContentDigest(size, size >= regularBytes);
    long length = 0;
    try (InputStream content =
        Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int count = content.read(chunk); count >= 0; count = content.read(chunk)) {
        digest.update(chunk, count);
        length += count;
      }
    }
    if (length != size) {
      throw new HubError(503, "", "A file is being written; ask again later");
    }
    return digest.file(size);
  }
}

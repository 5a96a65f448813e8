package dev.graft.zoo.hub.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The contents of a repository's files, by their SHA-256. Nothing in it is ever changed.
 * Thread-safe.
 *
 * @param folder of the objects
 * @param uploads where parts of objects wait for the others
 */
record ObjectStore(Path folder, Path uploads) {
  private static final int CHUNK_BYTES = 1 << 17;

  /** Where an object lies or would lie. */
  Path at(String sha256) {
    return folder.resolve(sha256.substring(0, 2)).resolve(sha256);
  }

  boolean holds(String sha256, long size) throws IOException {
    Path object = at(sha256);
    return Files.isRegularFile(object) && Files.size(object) == size;
  }

  /**
   * Takes content in whose digest is known.
   *
   * @throws HubError if it is of another length or digest
   */
  void take(InputStream content, String sha256, long size) throws IOException {
    requireRoom(size);
    try (WholeFile file = new WholeFile(at(sha256))) {
      StoredFile found = copy(content, size, file);
      if (!found.sha256().equals(sha256)) {
        throw HubError.badRequest(
            "The SHA-256 of what was sent is " + found.sha256() + ", expected " + sha256);
      }
      file.moveIn();
    }
  }

  /** Takes small content in, and tells its digests. */
  StoredFile take(byte[] content) throws IOException {
    requireRoom(content.length);
    ContentDigest digest = new ContentDigest(content.length, false);
    digest.update(content, content.length);
    StoredFile stored = digest.file(content.length);
    if (!holds(stored.sha256(), stored.size())) {
      WholeFile.write(at(stored.sha256()), content);
    }
    return stored;
  }

  /** Takes a part of an object in. */
  void takePart(InputStream content, String sha256, long number, long size) throws IOException {
    requireRoom(size);
    try (WholeFile file = new WholeFile(part(sha256, number))) {
      copy(content, size, file);
      file.moveIn();
    }
  }

  /**
   * Makes an object of its parts, and removes them.
   *
   * @throws HubError if one is missing, or the whole is not the object
   */
  synchronized void join(String sha256, long size, long parts) throws IOException {
    if (!holds(sha256, size)) {
      for (long number = 1; number <= parts; number++) {
        if (!Files.isRegularFile(part(sha256, number))) {
          throw HubError.badRequest("Part " + number + " of " + sha256 + " was not sent");
        }
      }
      try (InputStream whole = new PartStream(this, sha256, parts)) {
        take(whole, sha256, size);
      }
    }
    deleteTree(uploads.resolve(sha256));
  }

  /** Removes what killed processes and clients that gave up have left. */
  void tidy(Instant before) throws IOException {
    for (Path waiting : entries(uploads)) {
      if (Files.getLastModifiedTime(waiting).toInstant().isBefore(before)) {
        deleteTree(waiting);
      }
    }
    for (Path drawer : entries(folder)) {
      for (Path object : entries(drawer)) {
        boolean writing = String.valueOf(object.getFileName()).startsWith(WholeFile.WRITING);
        if (writing && Files.getLastModifiedTime(object).toInstant().isBefore(before)) {
          Files.deleteIfExists(object);
        }
      }
    }
  }

  private static List<Path> entries(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> found = Files.list(folder)) {
      return found.toList();
    }
  }

  Path part(String sha256, long number) {
    return uploads.resolve(sha256).resolve(Long.toString(number));
  }

  private static StoredFile copy(InputStream content, long size, WholeFile file)
      throws IOException {
    ContentDigest digest = new ContentDigest(size, true);
    byte[] chunk = new byte[CHUNK_BYTES];
    long copied = 0;
    for (int count = content.read(chunk); count >= 0; count = content.read(chunk)) {
      copied += count;
      if (copied > size) {
        break;
      }
      digest.update(chunk, count);
      file.write(chunk, count);
    }
    if (copied != size) {
      throw HubError.badRequest(
          "Expected " + size + " bytes, found " + (copied > size ? "more" : copied));
    }
    return digest.file(size);
  }

  private void requireRoom(long size) throws IOException {
    Files.createDirectories(folder);
    if (Files.getFileStore(folder).getUsableSpace() < size) {
      throw new HubError(507, "", "There is no room for " + size + " bytes");
    }
  }

  static void deleteTree(Path root) throws IOException {
    if (Files.exists(root)) {
      try (Stream<Path> tree = Files.walk(root)) {
        List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
        for (Path path : deepestFirst) {
          Files.deleteIfExists(path);
        }
      }
    }
  }
}

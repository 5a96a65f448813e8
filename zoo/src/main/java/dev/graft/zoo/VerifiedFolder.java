package dev.graft.zoo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A folder of files whose bytes are known beforehand. Whoever writes one writes the same bytes and
 * renames, so that processes may do so at once: a reader finds a whole file, old or new.
 *
 * @param path the folder
 */
record VerifiedFolder(Path path) {
  private static final String WRITING = ".writing-";
  private static final int CHUNK_BYTES = 1 << 16;

  /** No file takes as long to write; what is older was left by a process that was killed. */
  private static final Duration LEFTOVER_AGE = Duration.ofHours(1);

  /** The folder, made where it is missing, without what killed processes have left in it. */
  static VerifiedFolder at(Path path) throws IOException {
    Files.createDirectories(path);
    List<Path> entries;
    try (Stream<Path> found = Files.list(path)) {
      entries = found.toList();
    }
    Instant before = Instant.now().minus(LEFTOVER_AGE);
    for (Path entry : entries) {
      if (String.valueOf(entry.getFileName()).startsWith(WRITING)) {
        removeIfOlder(entry, before);
      }
    }
    return new VerifiedFolder(path);
  }

  private static void removeIfOlder(Path leftover, Instant instant) {
    try {
      if (Files.getLastModifiedTime(leftover, LinkOption.NOFOLLOW_LINKS)
          .toInstant()
          .isBefore(instant)) {
        Files.deleteIfExists(leftover);
      }
    } catch (IOException goneOrInUse) {
      // It is only disk space, and the next one tries again.
    }
  }

  /** Whether a file lies there whole. */
  boolean holds(FileDigest file) {
    Path target = path.resolve(file.name());
    if (!Files.isRegularFile(target)) {
      return false;
    }
    MessageDigest digest = FileDigest.digest();
    try (InputStream content = Files.newInputStream(target)) {
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int count = content.read(chunk); count >= 0; count = content.read(chunk)) {
        digest.update(chunk, 0, count);
      }
    } catch (IOException unreadable) {
      // Then it is replaced; should that fail as well, writing says why.
      return false;
    }
    return HexFormat.of().formatHex(digest.digest()).equals(file.sha256());
  }

  /**
   * Writes a file: beside its place, forced to the disk, renamed.
   *
   * @throws IOException if the content is not that of the file, or cannot be written
   */
  void write(FileDigest file, byte[] content) throws IOException {
    if (!file.fits(content)) {
      throw new IOException(
          file.name()
              + " in this build of Graft is damaged: the SHA-256 "
              + file.sha256()
              + " is expected, found "
              + FileDigest.sha256(content));
    }
    Path beside = path.resolve(WRITING + UUID.randomUUID());
    try {
      try (FileChannel channel =
          FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer remaining = ByteBuffer.wrap(content);
        while (remaining.hasRemaining()) {
          channel.write(remaining);
        }
        channel.force(true);
      }
      moveIn(beside, file);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private void moveIn(Path beside, FileDigest file) throws IOException {
    try {
      Files.move(
          beside,
          path.resolve(file.name()),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      // Windows replaces no file that another process reads; that one may have written it, too.
      if (!holds(file)) {
        throw failure;
      }
    }
  }
}

package dev.graft.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes files that appear whole or not at all. Stateless. */
public final class AtomicFile {

  private AtomicFile() {}

  /**
   * As {@link #replace}, making the folder where it is missing.
   *
   * @throws BundleException if the file cannot be written
   */
  static void write(Path target, byte[] content) {
    try {
      Path folder = target.toAbsolutePath().getParent();
      if (folder == null) {
        throw new IOException("it has no parent folder");
      }
      Files.createDirectories(folder);
      replace(target, content);
    } catch (IOException e) {
      throw new BundleException(
          "Cannot write "
              + target
              + ": "
              + e
              + "; check that the folder is writable and the disk has room",
          e);
    }
  }

  /**
   * Writes beside the target, forces the bytes to the device and renames.
   *
   * @throws IOException if the file cannot be written; nothing is left of it then
   */
  public static void replace(Path target, byte[] content) throws IOException {
    // Not a temporary file of the library's making: only their owner may read those.
    Path beside = target.resolveSibling(".writing-" + UUID.randomUUID());
    try {
      try (FileChannel channel =
          FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer remaining = ByteBuffer.wrap(content);
        while (remaining.hasRemaining()) {
          channel.write(remaining);
        }
        channel.force(true);
      }
      Files.move(
          beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
  }
}

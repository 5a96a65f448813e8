package dev.graft.transfer.evidence;

import dev.graft.transfer.TransferException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes files that appear whole or not at all. Stateless, thread-safe. */
public final class EvidenceFile {

  private EvidenceFile() {}

  /**
   * Writes the text as UTF-8 beside the target, forces it to the device and renames it.
   *
   * @throws TransferException if the file cannot be written
   */
  public static void write(Path target, String text) {
    write(target, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The same with any bytes.
   *
   * @throws TransferException if the file cannot be written
   */
  public static void write(Path target, byte[] content) {
    Path absolute = target.toAbsolutePath();
    // Not a temporary file of the library's making: only their owner may read those.
    Path beside = absolute.resolveSibling(".writing-" + UUID.randomUUID());
    try {
      try {
        force(beside, content);
        Files.move(
            beside, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      throw new TransferException(
          TransferException.Cause.ENVIRONMENT,
          "Cannot write "
              + target
              + ": "
              + e.getClass().getSimpleName()
              + " "
              + e.getMessage()
              + "; check that the folder exists, may be written and has room",
          e);
    }
  }

  private static void force(Path file, byte[] content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      ByteBuffer remaining = ByteBuffer.wrap(content);
      while (remaining.hasRemaining()) {
        channel.write(remaining);
      }
      channel.force(true);
    }
  }
}

package dev.graft.zoo.hub.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A file that is written beside its place, forced to the disk and renamed. Not thread-safe; several
 * may be written for one place, and the last one counts.
 */
final class WholeFile implements AutoCloseable {
  /** How the names of files begin that are being written. */
  static final String WRITING = ".writing-";

  private final Path target;
  private final Path beside;
  private final FileChannel channel;

  WholeFile(Path target) throws IOException {
    this.target = target;
    Files.createDirectories(target.resolveSibling(""));
    this.beside = target.resolveSibling(WRITING + UUID.randomUUID());
    this.channel =
        FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  static void write(Path target, byte[] content) throws IOException {
    try (WholeFile file = new WholeFile(target)) {
      file.write(content, content.length);
      file.moveIn();
    }
  }

  void write(byte[] bytes, int count) throws IOException {
    ByteBuffer remaining = ByteBuffer.wrap(bytes, 0, count);
    while (remaining.hasRemaining()) {
      channel.write(remaining);
    }
  }

  void moveIn() throws IOException {
    channel.force(true);
    channel.close();
    Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Removes what did not move in. */
  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(beside);
  }
}

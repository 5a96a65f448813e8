package dev.graft.onnx;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/** Writes a file so that readers see the old content or the whole new one, even after a crash. */
final class AtomicFile {
  /** Writes the content. */
  interface Content {
    void writeTo(OutputStream stream) throws IOException;
  }

  private static final AtomicLong WRITES = new AtomicLong();

  private AtomicFile() {}

  static void write(Path file, Content content) throws IOException {
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new NoSuchFileException(String.valueOf(folder), null, "the folder does not exist");
    }
    Path beside = folder.resolve(temporaryName());
    try {
      try (FileChannel channel =
              FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
          OutputStream stream =
              new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
        content.writeTo(stream);
        stream.flush();
        channel.force(true);
      }
      move(beside, target);
    } finally {
      Files.deleteIfExists(beside);
    }
    forceFolder(folder);
  }

  /**
   * A name that no other writer uses. (Files.createTempFile would make the model readable by its
   * owner alone; a long target name would leave no room for a suffix.)
   */
  private static String temporaryName() {
    return ".graft-"
        + ProcessHandle.current().pid()
        + "-"
        + System.nanoTime()
        + "-"
        + WRITES.incrementAndGet()
        + ".partial";
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException unsupported) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Makes the rename durable; Windows cannot open a folder and needs no such step. */
  private static void forceFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException unsupported) {
      // The content itself is already forced; a lost rename leaves the old file whole.
    }
  }
}

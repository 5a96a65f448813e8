package dev.graft.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * Reading that never trusts an announced size: it is checked before memory is taken and compared
 * with what came.
 */
final class Limits {
  private Limits() {}

  static void requireReadable(String name, long size) {
    if (size > ExampleSource.MAXIMUM_BYTES) {
      throw new DataException(
          "Cannot read "
              + name
              + ": it has "
              + size
              + " bytes, the limit for one example is "
              + ExampleSource.MAXIMUM_BYTES
              + " (256 MiB). Shrink or remove it.");
    }
  }

  static byte[] readAnnounced(InputStream in, long size, String name) throws IOException {
    byte[] content = in.readNBytes((int) size);
    if (content.length < size || in.read() >= 0) {
      throw new DataException(
          "Cannot read "
              + name
              + ": "
              + size
              + " bytes were announced, but "
              + (content.length < size ? "only " + content.length : "more")
              + " came. The file is damaged or is being written; copy it again.");
    }
    return content;
  }

  /** The file system's own reason in words, without the path that its exceptions repeat. */
  static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NoSuchFileException) {
      return "no such file";
    }
    if (e instanceof FileSystemException fileSystem && fileSystem.getReason() != null) {
      return fileSystem.getReason();
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}

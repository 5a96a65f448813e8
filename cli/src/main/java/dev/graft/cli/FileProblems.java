package dev.graft.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells apart what a file system reports. */
final class FileProblems {
  private static final List<String> FULL =
      List.of("no space left", "not enough space", "disk full", "quota exceeded");

  private FileProblems() {}

  /** Whether a full disk lies beneath a failure. */
  static boolean isFullDisk(@Nullable Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      String message = String.valueOf(at.getMessage()).toLowerCase(Locale.ROOT);
      if (at instanceof IOException && FULL.stream().anyMatch(message::contains)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a failure is about permissions or a file system that takes no changes. */
  static boolean isForbidden(@Nullable Throwable failure) {
    return failure instanceof AccessDeniedException
        || failure instanceof ReadOnlyFileSystemException
        || (failure instanceof FileSystemException fileSystem
            && String.valueOf(fileSystem.getReason())
                .toLowerCase(Locale.ROOT)
                .contains("read-only"));
  }

  /** The file system's reason in words. */
  static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException denied) {
      return "permission denied: " + denied.getFile();
    }
    if (failure instanceof NoSuchFileException missing) {
      return "no such file: " + missing.getFile();
    }
    if (failure instanceof FileAlreadyExistsException existing) {
      return "it exists already: " + existing.getFile();
    }
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}

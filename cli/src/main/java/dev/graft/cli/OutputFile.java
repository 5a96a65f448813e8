package dev.graft.cli;

import dev.graft.transfer.TransferException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Refuses a place for one file before the work begins, not after it. */
final class OutputFile {
  private OutputFile() {}

  /**
   * Checks that a file can be written.
   *
   * @param overwrite whether an older file there may go
   * @throws TransferException if something is there, or the place cannot be written to
   */
  static void require(Path out, boolean overwrite) {
    if (Files.isDirectory(out)) {
      throw refused(TransferException.Cause.SETTINGS, out, "it is a folder. Name a file in it");
    }
    if (Files.exists(out) && !overwrite) {
      throw refused(
          TransferException.Cause.SETTINGS,
          out,
          "it exists already. Choose another --out file, or replace it with --overwrite");
    }
    Path parent = out.toAbsolutePath().normalize().getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw refused(
          TransferException.Cause.SETTINGS,
          out,
          (parent != null && Files.exists(parent)
                  ? parent + " is a file"
                  : "there is no folder " + parent)
              + ". Make the folder first, or choose another --out file");
    }
    if (!Files.isWritable(parent)) {
      throw refused(
          TransferException.Cause.ENVIRONMENT,
          out,
          "the folder "
              + parent
              + " cannot be written to. Change its permissions, or choose another --out file");
    }
  }

  private static TransferException refused(TransferException.Cause cause, Path out, String reason) {
    return new TransferException(cause, "Writing " + out + ": " + reason + ".");
  }
}

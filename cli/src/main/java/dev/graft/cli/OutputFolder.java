package dev.graft.cli;

import dev.graft.runtime.BundleLayout;
import dev.graft.runtime.BundlePlace;
import dev.graft.transfer.TransferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Refuses a place for results before the work begins, not after it. */
final class OutputFolder {
  private OutputFolder() {}

  /**
   * Checks that a trained model can be written.
   *
   * @param overwrite whether an older trained model there may go
   * @throws TransferException if something else is there, or the place cannot be written to
   */
  static void require(Path out, boolean overwrite) {
    settle(out);
    if (Files.exists(out) && !isEmptyFolder(out)) {
      boolean bundle =
          Files.isRegularFile(out.resolve(BundleLayout.MODEL))
              && Files.isRegularFile(out.resolve(BundleLayout.CONFIG));
      if (!bundle) {
        throw refused(
            out, "something that is no trained model is there. Choose another --out folder.");
      }
      if (!overwrite) {
        throw refused(
            out,
            "a trained model is there already. Choose another --out folder, or replace it with"
                + " --overwrite.");
      }
    }
    Path parent = nearestExisting(out.toAbsolutePath().normalize());
    if (!Files.isDirectory(parent)) {
      throw refused(out, parent + " is a file. Choose another --out folder.");
    }
    if (!Files.isWritable(parent)) {
      throw new TransferException(
          TransferException.Cause.ENVIRONMENT,
          "Writing to "
              + out
              + ": the folder "
              + parent
              + " cannot be written to. Change its permissions, or choose another --out folder.");
    }
  }

  /** A run that was killed while it replaced the model may have left both beside the place. */
  private static void settle(Path out) {
    try {
      BundlePlace.settle(out);
    } catch (IOException notWritable) {
      // What follows says so.
    }
  }

  private static TransferException refused(Path out, String reason) {
    return new TransferException(
        TransferException.Cause.SETTINGS, "Writing to " + out + ": " + reason);
  }

  private static Path nearestExisting(Path path) {
    Path at = path.getParent();
    while (at != null && !Files.exists(at)) {
      at = at.getParent();
    }
    return at == null ? path : at;
  }

  private static boolean isEmptyFolder(Path folder) {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> content = Files.list(folder)) {
      return content.findAny().isEmpty();
    } catch (IOException unreadable) {
      return false;
    }
  }
}

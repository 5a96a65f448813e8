package dev.graft.transfer.training;

import dev.graft.transfer.TransferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Predictions of trainings on folds, kept in a file beside the checkpoints, so that a run which is
 * resumed trains no fold again. Without a folder they are kept in memory only. Not thread-safe.
 */
public final class FoldPredictions {
  private static final String FILE = "folds.bin";
  private static final long MAXIMUM_BYTES = 512L << 20;

  private final Optional<Path> folder;
  private final String fingerprint;
  private final Map<String, float[]> kept = new LinkedHashMap<>();

  private FoldPredictions(Optional<Path> folder, String fingerprint) {
    this.folder = folder;
    this.fingerprint = fingerprint;
  }

  /**
   * Opens the predictions of a run.
   *
   * @param folder where they are kept
   * @param resume whether those that lie there count; else they are removed
   * @param fingerprint of data and settings; predictions of others do not count
   */
  public static FoldPredictions open(Optional<Path> folder, boolean resume, String fingerprint) {
    FoldPredictions predictions = new FoldPredictions(folder, fingerprint);
    if (resume) {
      folder.ifPresent(predictions::read);
    } else {
      folder.ifPresent(FoldPredictions::discard);
    }
    return predictions;
  }

  /** What was predicted under a name, if it was. */
  public Optional<float[]> of(String name) {
    return Optional.ofNullable(kept.get(key(name)));
  }

  /**
   * Keeps what was predicted under a name.
   *
   * @throws TransferException if the file cannot be written
   */
  public void keep(String name, float[] probabilities) {
    kept.put(key(name), probabilities);
    if (folder.isEmpty()) {
      return;
    }
    Path partial = folder.get().resolve(".partial-" + FILE);
    try {
      Files.createDirectories(folder.get());
      Checkpoints.writeWeights(partial, kept);
      Checkpoints.sync(partial);
      Files.move(
          partial,
          folder.get().resolve(FILE),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new TransferException(
          TransferException.Cause.ENVIRONMENT,
          "Keeping the predictions of a fold in "
              + folder.get()
              + " failed: "
              + failure.getMessage()
              + ". Free some space or choose another output folder, and repeat with --resume.",
          failure);
    }
  }

  private String key(String name) {
    return fingerprint + "|" + name;
  }

  /** A damaged file counts as none: the folds are trained again. */
  private void read(Path from) {
    Path file = from.resolve(FILE);
    try {
      if (Files.isRegularFile(file) && Files.size(file) <= MAXIMUM_BYTES) {
        kept.putAll(Checkpoints.readWeights(file));
      }
    } catch (IOException damaged) {
      kept.clear();
    }
  }

  /** Removes what is kept in a folder. */
  static void discard(Path folder) {
    try {
      Files.deleteIfExists(folder.resolve(FILE));
      Files.deleteIfExists(folder.resolve(".partial-" + FILE));
    } catch (IOException inUse) {
      // It costs disk space, not the run: predictions of other runs have other names.
    }
  }
}

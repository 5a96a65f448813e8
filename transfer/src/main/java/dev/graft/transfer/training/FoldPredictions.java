package dev.graft.transfer.training;

import dev.graft.transfer.TransferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Predictions of trainings on folds, kept in a file, so that neither a run which is resumed nor a
 * later one with the same data and settings trains a fold again. Not thread-safe.
 */
public final class FoldPredictions {
  private static final String FILE = "folds.bin";
  private static final String CACHE_FOLDER = "folds";
  private static final long MAXIMUM_BYTES = 512L << 20;

  private final Optional<Path> file;
  private final boolean dispensable;
  private final String fingerprint;
  private final Map<String, float[]> kept = new LinkedHashMap<>();
  private Optional<String> warning = Optional.empty();

  /**
   * @param dispensable whether a run goes on where the file cannot be written
   */
  private FoldPredictions(Optional<Path> file, boolean dispensable, String fingerprint) {
    this.file = file;
    this.dispensable = dispensable;
    this.fingerprint = fingerprint;
  }

  /**
   * Predictions of one run, beside its checkpoints.
   *
   * @param folder of the checkpoints; without one, predictions are kept in memory only
   * @param resume whether those that lie there count; else they are removed
   * @param fingerprint of data and settings; predictions of others do not count
   */
  public static FoldPredictions ofRun(Optional<Path> folder, boolean resume, String fingerprint) {
    FoldPredictions predictions =
        new FoldPredictions(folder.map(inside -> inside.resolve(FILE)), false, fingerprint);
    if (resume) {
      predictions.file.ifPresent(predictions::read);
    } else {
      folder.ifPresent(FoldPredictions::discard);
    }
    return predictions;
  }

  /**
   * Predictions for all runs with the same data and settings. Where they cannot be written, none
   * are kept any more, {@link #warning} says so, and the run goes on.
   *
   * @param cache folder where features are kept
   * @param fingerprint of data and settings
   */
  public static FoldPredictions inCache(Path cache, String fingerprint) {
    Path file = cache.resolve(CACHE_FOLDER).resolve(fingerprint + ".bin");
    FoldPredictions predictions = new FoldPredictions(Optional.of(file), true, fingerprint);
    predictions.read(file);
    return predictions;
  }

  /** What was predicted under a name, if it was. */
  public Optional<float[]> of(String name) {
    return Optional.ofNullable(kept.get(key(name)));
  }

  /**
   * Keeps what was predicted under a name.
   *
   * @throws TransferException if the file beside the checkpoints of a run cannot be written
   */
  public void keep(String name, float[] probabilities) {
    kept.put(key(name), probabilities);
    if (warning.isEmpty()) {
      file.ifPresent(this::write);
    }
  }

  /** Why predictions are not kept for later runs, if they are not. */
  public Optional<String> warning() {
    return warning;
  }

  private void write(Path target) {
    try {
      Checkpoints.replaceWeights(target, kept);
    } catch (IOException failure) {
      if (dispensable) {
        warning =
            Optional.of(
                "Predictions of folds cannot be kept in "
                    + target.toAbsolutePath().getParent()
                    + " ("
                    + failure.getMessage()
                    + "); the run goes on, and a later one would train the folds again.");
        return;
      }
      throw new TransferException(
          TransferException.Cause.ENVIRONMENT,
          "Keeping the predictions of a fold in "
              + target.toAbsolutePath().getParent()
              + " failed: "
              + failure.getMessage()
              + ". Free some space or choose another folder, and repeat with --resume.",
          failure);
    }
  }

  private String key(String name) {
    return fingerprint + "|" + name;
  }

  /** A damaged file counts as none: the folds are trained again. */
  private void read(Path from) {
    try {
      if (Files.isRegularFile(from) && Files.size(from) <= MAXIMUM_BYTES) {
        kept.putAll(Checkpoints.readWeights(from));
      }
    } catch (IOException damaged) {
      kept.clear();
    }
  }

  /** Removes what is kept beside checkpoints. */
  static void discard(Path folder) {
    remove(folder.resolve(FILE));
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException inUse) {
      // It costs disk space, not the run: predictions of other runs have other names.
    }
  }
}

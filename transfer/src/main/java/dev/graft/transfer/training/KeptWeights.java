package dev.graft.transfer.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Weights of trainings that came to their end, kept in the cache, so that the same run again need
 * not train. What was used longest ago goes first where they take much room. Several processes may
 * share a folder; an instance is not thread-safe.
 */
public final class KeptWeights {
  private static final String CACHE_FOLDER = "trained";
  private static final String SUFFIX = ".bin";
  private static final long MOST_BYTES = 1L << 30;

  /** Of one training; a quarter, so that one does not drive out all others. */
  private static final long MOST_BYTES_OF_ONE = MOST_BYTES / 4;

  private final Path folder;
  private final long mostBytes;

  private KeptWeights(Path folder, long mostBytes) {
    this.folder = folder;
    this.mostBytes = mostBytes;
  }

  /**
   * Those in the folder where features are kept.
   *
   * @param cache the folder, which need not exist
   */
  public static KeptWeights inCache(Path cache) {
    return bounded(cache, MOST_BYTES);
  }

  static KeptWeights bounded(Path cache, long mostBytes) {
    return new KeptWeights(cache.resolve(CACHE_FOLDER), mostBytes);
  }

  /**
   * The weights by initialiser name, where they are kept whole; damaged ones count as none.
   *
   * @param key hexadecimal, of everything that decides the course of the training
   */
  public Optional<Map<String, float[]>> of(String key) {
    Path file = file(key);
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES_OF_ONE) {
        return Optional.empty();
      }
      Map<String, float[]> weights = Checkpoints.readWeights(file);
      touch(file);
      return Optional.of(weights);
    } catch (IOException damaged) {
      return Optional.empty();
    }
  }

  private static void touch(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (IOException readOnly) {
      // Whoever may write here may remove it sooner.
    }
  }

  /**
   * Keeps weights, unless they are too many to be worth their room.
   *
   * @return why they could not be kept, if they could not; the run needs them no more
   */
  public Optional<String> keep(String key, Map<String, float[]> weights) {
    long bytes = weights.values().stream().mapToLong(values -> 4L * values.length).sum();
    if (bytes > MOST_BYTES_OF_ONE) {
      return Optional.empty();
    }
    try {
      Checkpoints.replaceWeights(file(key), weights);
      evict(file(key));
      return Optional.empty();
    } catch (IOException failure) {
      return Optional.of(
          "The trained weights cannot be kept in "
              + folder
              + " ("
              + failure.getMessage()
              + "); the run goes on, and the same run again would train them again.");
    }
  }

  private Path file(String key) {
    return folder.resolve(key + SUFFIX);
  }

  /** Removes what was used longest ago until the rest fits. */
  private void evict(Path spared) throws IOException {
    List<Kept> oldestFirst;
    try (Stream<Path> files = Files.list(folder)) {
      oldestFirst =
          files
              .filter(file -> isOwn(String.valueOf(file.getFileName())))
              .flatMap(file -> kept(file).stream())
              .sorted(Comparator.comparing(Kept::lastUsed))
              .toList();
    }
    long total = oldestFirst.stream().mapToLong(Kept::bytes).sum();
    for (Kept old : oldestFirst) {
      if (total > mostBytes && !old.file.equals(spared)) {
        remove(old.file);
        total -= old.bytes;
      }
    }
  }

  /** What a process that was killed left half written is among them. */
  private static boolean isOwn(String name) {
    return name.endsWith(SUFFIX) || name.startsWith(Checkpoints.PARTIAL);
  }

  private record Kept(Path file, long bytes, FileTime lastUsed) {}

  /** Empty where another process has just removed it. */
  private static Optional<Kept> kept(Path file) {
    try {
      return Optional.of(new Kept(file, Files.size(file), Files.getLastModifiedTime(file)));
    } catch (IOException removed) {
      return Optional.empty();
    }
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException inUse) {
      // It costs disk space, not the run.
    }
  }
}

package dev.graft.transfer.advice;

import dev.graft.transfer.CacheFolder;
import dev.graft.transfer.TransferException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How advice is found.
 *
 * @param examples most training examples that are looked at, {@value #FEWEST_EXAMPLES} or more; of
 *     more, a stratified sample. Up to 1,000 each of them is judged by, of more a fifth
 * @param budget time for training a small network from scratch; empty to leave that out
 * @param seed of samples, splits and fresh weights
 * @param cache folder of the feature store; empty to keep nothing
 */
public record AdviceSettings(
    int examples, Optional<Duration> budget, long seed, Optional<Path> cache) {
  static final int FEWEST_EXAMPLES = 20;

  /** Checks the ranges. */
  public AdviceSettings {
    if (examples < FEWEST_EXAMPLES) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Checking the settings: the number of examples must be at least "
              + FEWEST_EXAMPLES
              + ", found "
              + examples
              + ".");
    }
    if (budget.isPresent() && (budget.get().isNegative() || budget.get().isZero())) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Checking the settings: the budget must be above zero, found " + budget.get() + ".");
    }
  }

  /** 1,000 examples, 30 seconds, seed 42, the platform's cache folder. */
  public static AdviceSettings defaults() {
    return new AdviceSettings(
        1_000, Optional.of(Duration.ofSeconds(30)), 42, Optional.of(CacheFolder.standard()));
  }

  /** With another number of examples. */
  public AdviceSettings withExamples(int most) {
    return new AdviceSettings(most, budget, seed, cache);
  }

  /** With another time for training from scratch. */
  public AdviceSettings withBudget(Duration time) {
    return new AdviceSettings(examples, Optional.of(time), seed, cache);
  }

  /** Without training from scratch. */
  public AdviceSettings withoutBudget() {
    return new AdviceSettings(examples, Optional.empty(), seed, cache);
  }

  /** With another seed. */
  public AdviceSettings withSeed(long other) {
    return new AdviceSettings(examples, budget, other, cache);
  }

  /** With another folder of the feature store. */
  public AdviceSettings withCache(Path folder) {
    return new AdviceSettings(examples, budget, seed, Optional.of(folder));
  }

  /** Keeps no features. */
  public AdviceSettings withoutCache() {
    return new AdviceSettings(examples, budget, seed, Optional.empty());
  }
}

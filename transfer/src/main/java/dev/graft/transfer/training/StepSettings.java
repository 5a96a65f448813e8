package dev.graft.transfer.training;

import dev.graft.engine.BatchPasses;
import dev.graft.engine.OptimizerSettings;
import dev.graft.engine.Precision;
import java.time.Duration;
import java.util.Optional;

/**
 * How weights are trained by steps.
 *
 * @param precision of the passes
 * @param optimizer the optimizer
 * @param epochs most passes over the examples
 * @param batchSize examples per step
 * @param passes how the examples of a step pass through the network
 * @param patience epochs without a better validation loss after which training ends
 * @param seed of order and views
 * @param budget time after which no further epoch begins
 */
public record StepSettings(
    Precision precision,
    OptimizerSettings optimizer,
    int epochs,
    int batchSize,
    BatchPasses passes,
    int patience,
    long seed,
    Optional<Duration> budget) {
  /** The same with half the time, where two trainings share it. */
  public StepSettings withHalfTheBudget() {
    Optional<Duration> half = budget.map(whole -> whole.dividedBy(2));
    return new StepSettings(precision, optimizer, epochs, batchSize, passes, patience, seed, half);
  }

  /** The same for so many epochs. */
  public StepSettings withEpochs(int other) {
    return new StepSettings(precision, optimizer, other, batchSize, passes, patience, seed, budget);
  }

  /** Examples that are looked at together without training. */
  int evaluatedTogether() {
    return Math.min(batchSize, passes.examples().orElse(batchSize));
  }
}

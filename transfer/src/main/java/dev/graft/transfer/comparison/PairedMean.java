package dev.graft.transfer.comparison;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The mean of a difference that was taken on each of the same examples. Immutable and thread-safe.
 *
 * @param difference the mean
 * @param interval its 95 % interval
 */
public record PairedMean(double difference, DifferenceInterval interval) {
  private static final int RESAMPLES = 2000;
  private static final long SEED = 42;

  /**
   * The mean with its interval by the percentiles of 2,000 bootstrap resamples, from a fixed seed:
   * differences of log losses are far from normal.
   *
   * <p>Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", section 13.3.
   *
   * @param differences at least 1
   */
  static PairedMean of(double[] differences) {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] means = new double[RESAMPLES];
    for (int resample = 0; resample < RESAMPLES; resample++) {
      double sum = 0;
      for (int i = 0; i < differences.length; i++) {
        sum += differences[random.nextInt(differences.length)];
      }
      means[resample] = sum / differences.length;
    }
    Arrays.sort(means);
    return new PairedMean(
        Arrays.stream(differences).average().orElseThrow(),
        new DifferenceInterval(percentile(means, 0.025), percentile(means, 0.975)));
  }

  /** Linear between neighbours. */
  private static double percentile(double[] sorted, double share) {
    double position = share * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}

package dev.graft.transfer.training;

import java.util.Arrays;

/**
 * Mean and standard deviation of each feature over the training examples. Heads are fitted on
 * standardised features; the scaling is folded into their weights afterwards.
 *
 * @param mean one per feature
 * @param deviation one per feature, above 0: sqrt(s^2 + (0.1 r)^2) with s the feature's standard
 *     deviation and r the root mean variance of all features
 */
public record FeatureScaling(float[] mean, float[] deviation) {
  /**
   * Share of the root mean variance below which deviations are not blown up any further: a feature
   * that hardly moved on the training examples would otherwise get a huge weight on raw features,
   * and send the logits anywhere as soon as it moves.
   */
  private static final double FLOOR = 0.1;

  /** How features are scaled before a head is fitted. */
  public enum Kind {
    /** Each feature for itself, to mean 0 and deviation 1. */
    STANDARDISED,
    /**
     * All features by one factor, none moved, so that a feature that varies more may count for
     * more.
     */
    COMMON
  }

  /** Measures the rows that are handed out one after another, in double precision. */
  public static FeatureScaling measure(Iterable<float[]> rows, int width, Kind kind) {
    FeatureScaling each = measure(rows, width);
    if (kind == Kind.STANDARDISED) {
      return each;
    }
    double meanVariance = 0;
    for (float deviation : each.deviation) {
      meanVariance += (double) deviation * deviation / width;
    }
    float[] same = new float[width];
    Arrays.fill(same, (float) Math.sqrt(meanVariance));
    return new FeatureScaling(new float[width], same);
  }

  /** Measures to standardise each feature for itself. */
  public static FeatureScaling measure(Iterable<float[]> rows, int width) {
    double[] sum = new double[width];
    double[] square = new double[width];
    long count = 0;
    for (float[] row : rows) {
      for (int i = 0; i < width; i++) {
        sum[i] += row[i];
        square[i] += (double) row[i] * row[i];
      }
      count++;
    }
    float[] mean = new float[width];
    double[] deviation = new double[width];
    for (int i = 0; i < width; i++) {
      double average = sum[i] / count;
      mean[i] = (float) average;
      deviation[i] = Math.sqrt(Math.max(0, square[i] / count - average * average));
    }
    double meanVariance = Arrays.stream(deviation).map(d -> d * d).average().orElse(0);
    double floor = FLOOR * Math.sqrt(meanVariance);
    float[] safe = new float[width];
    for (int i = 0; i < width; i++) {
      double softened = Math.hypot(deviation[i], floor);
      safe[i] = softened > 0 ? (float) softened : 1;
    }
    return new FeatureScaling(mean, safe);
  }

  /** Writes the standardised row: (x - mean) / deviation. */
  public void apply(float[] row, float[] out) {
    for (int i = 0; i < row.length; i++) {
      out[i] = (row[i] - mean[i]) / deviation[i];
    }
  }
}

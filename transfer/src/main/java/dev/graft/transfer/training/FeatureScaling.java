package dev.graft.transfer.training;

import java.util.Arrays;

/**
 * Mean and standard deviation of each feature over the training examples. Heads are fitted on
 * standardised features; the scaling is folded into their weights afterwards.
 *
 * @param mean one per feature
 * @param deviation one per feature, above 0; 1 for a feature that never changes
 */
record FeatureScaling(float[] mean, float[] deviation) {
  /** Below this share of the largest deviation a feature counts as constant. */
  private static final double NEGLIGIBLE = 1e-6;

  /** Measures the rows that are handed out one after another, in double precision. */
  static FeatureScaling measure(Iterable<float[]> rows, int width) {
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
    double least = Arrays.stream(deviation).max().orElse(0) * NEGLIGIBLE;
    float[] safe = new float[width];
    for (int i = 0; i < width; i++) {
      safe[i] = deviation[i] > least ? (float) deviation[i] : 1;
    }
    return new FeatureScaling(mean, safe);
  }

  /** Writes the standardised row: (x - mean) / deviation. */
  void apply(float[] row, float[] out) {
    for (int i = 0; i < row.length; i++) {
      out[i] = (row[i] - mean[i]) / deviation[i];
    }
  }
}

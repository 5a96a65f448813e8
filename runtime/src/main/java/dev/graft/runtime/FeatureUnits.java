package dev.graft.runtime;

import java.util.Arrays;

/**
 * Features in units of their own: (x - mean) / deviation over the training examples. Rectified
 * features have means far from 0 and sizes that differ, so that the directions of raw rows are
 * nearly the same for anything: of CLINC150's questions of no known intent, raw distances to the
 * training texts put 53 % of the pairs in the right order, these 88 %.
 *
 * @param mean of each feature
 * @param deviation of each feature, above 0
 */
record FeatureUnits(float[] mean, float[] deviation) {
  /** Of fewer examples, means and deviations tell more of them than of the features. */
  static final int FEWEST_EXAMPLES = 50;

  /** What hardly varies in training must not decide about what comes later. */
  private static final double LEAST_SHARE = 0.1;

  /** The features as they are. */
  static FeatureUnits ofRaw(int width) {
    float[] ones = new float[width];
    Arrays.fill(ones, 1);
    return new FeatureUnits(new float[width], ones);
  }

  /**
   * Measures them.
   *
   * @param features [examples, width], row-major, finite
   */
  static FeatureUnits of(float[] features, int width) {
    int examples = features.length / width;
    if (examples < FEWEST_EXAMPLES) {
      return ofRaw(width);
    }
    double[] sums = new double[width];
    double[] squares = new double[width];
    for (int i = 0; i < features.length; i++) {
      sums[i % width] += features[i];
    }
    for (int i = 0; i < features.length; i++) {
      double centred = features[i] - sums[i % width] / examples;
      squares[i % width] += centred * centred;
    }
    double all = Math.sqrt(Arrays.stream(squares).sum() / features.length);
    if (!(all > 0)) {
      return ofRaw(width);
    }
    float[] mean = new float[width];
    float[] deviation = new float[width];
    for (int i = 0; i < width; i++) {
      mean[i] = (float) (sums[i] / examples);
      deviation[i] = (float) Math.max(Math.sqrt(squares[i] / examples), LEAST_SHARE * all);
    }
    return new FeatureUnits(mean, deviation);
  }

  /** One row in these units. */
  float[] of(float[] row) {
    float[] own = new float[row.length];
    for (int i = 0; i < own.length; i++) {
      own[i] = (row[i] - mean[i]) / deviation[i];
    }
    return own;
  }
}

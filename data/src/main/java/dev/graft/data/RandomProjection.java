package dev.graft.data;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Rows of features projected to {@value #DIMENSIONS} dimensions by random signs: p = S x, S of
 * ±1/sqrt({@value #DIMENSIONS}) (Achlioptas, 2003), always the same ones.
 *
 * <p>The projection is linear, so that of rows less their mean follows from it without another pass
 * over the signs. Immutable and thread-safe.
 */
final class RandomProjection {
  static final int DIMENSIONS = 64;
  private static final long SIGNS_SEED = 0x6772616674L;

  private final float[] features;
  private final int width;
  private final int[] rows;
  private final float[] signs;
  private final float[] projected;

  private RandomProjection(float[] features, int width, int[] rows) {
    this.features = features;
    this.width = width;
    this.rows = rows;
    this.signs = signs(width);
    this.projected = new float[rows.length * DIMENSIONS];
    IntStream.range(0, rows.length)
        .parallel()
        .forEach(
            i ->
                System.arraycopy(
                    of(features, rows[i] * width), 0, projected, i * DIMENSIONS, DIMENSIONS));
  }

  /**
   * Projects rows.
   *
   * @param features [examples, width], row-major
   * @param rows the rows to project
   */
  static RandomProjection of(float[] features, int width, int[] rows) {
    return new RandomProjection(features, width, rows);
  }

  private static float[] signs(int width) {
    SplittableRandom random = new SplittableRandom(SIGNS_SEED);
    float[] signs = new float[width * DIMENSIONS];
    float value = (float) (1 / Math.sqrt(DIMENSIONS));
    for (int i = 0; i < signs.length; i++) {
      signs[i] = random.nextInt(2) == 0 ? value : -value;
    }
    return signs;
  }

  /** The projection of the vector that begins at an offset. */
  float[] of(float[] values, int offset) {
    float[] sum = new float[DIMENSIONS];
    for (int d = 0; d < width; d++) {
      float value = values[offset + d];
      int sign = d * DIMENSIONS;
      for (int k = 0; k < DIMENSIONS; k++) {
        sum[k] += value * signs[sign + k];
      }
    }
    return sum;
  }

  /** The mean of the rows, [width]. */
  float[] mean() {
    double[] sum = new double[width];
    for (int row : rows) {
      for (int d = 0; d < width; d++) {
        sum[d] += features[row * width + d];
      }
    }
    float[] mean = new float[width];
    for (int d = 0; d < width; d++) {
      mean[d] = (float) (sum[d] / rows.length);
    }
    return mean;
  }

  float value(int row, int dimension) {
    return projected[row * DIMENSIONS + dimension];
  }

  float[] features() {
    return features;
  }

  int width() {
    return width;
  }

  int[] rows() {
    return rows;
  }
}

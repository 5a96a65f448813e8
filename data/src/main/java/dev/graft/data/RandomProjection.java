package dev.graft.data;

import java.util.SplittableRandom;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;

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

  /** Rows that are copied to native memory at a time. */
  private static final int CHUNK = 1024;

  private final float[] features;
  private final int width;
  private final int[] rows;
  private final float[] projected;
  private final float[] mean;
  private final float[] projectedMean = new float[DIMENSIONS];

  /**
   * Projects rows.
   *
   * @param features [examples, width], row-major
   * @param rows the rows to project
   */
  RandomProjection(float[] features, int width, int[] rows) {
    this.features = features;
    this.width = width;
    this.rows = rows;
    this.projected = new float[rows.length * DIMENSIONS];
    this.mean = meanOfRows();
    try (PointerScope scope = new PointerScope()) {
      Mat signs = matrix(signs(width), width, DIMENSIONS);
      for (int first = 0; first < rows.length; first += CHUNK) {
        project(first, Math.min(CHUNK, rows.length - first), signs);
      }
      multiply(mean, 1, signs, projectedMean, 0);
    }
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

  private void project(int first, int count, Mat signs) {
    float[] chunk = new float[count * width];
    for (int i = 0; i < count; i++) {
      System.arraycopy(features, rows[first + i] * width, chunk, i * width, width);
    }
    multiply(chunk, count, signs, projected, first * DIMENSIONS);
  }

  /** [count, width] x [width, 64] -> [count, 64] at an offset of the results. */
  private void multiply(float[] values, int count, Mat signs, float[] results, int offset) {
    try (PointerScope scope = new PointerScope()) {
      Mat product = new Mat();
      opencv_core.gemm(matrix(values, count, width), signs, 1, new Mat(), 0, product);
      new FloatPointer(product.data()).get(results, offset, count * DIMENSIONS);
    }
  }

  /** A copy of a matrix in native memory, which the pointer scope frees. */
  static Mat matrix(float[] values, int rows, int columns) {
    return new Mat(rows, columns, opencv_core.CV_32F, new FloatPointer(values));
  }

  private float[] meanOfRows() {
    double[] sum = new double[width];
    for (int row : rows) {
      for (int d = 0; d < width; d++) {
        sum[d] += features[row * width + d];
      }
    }
    float[] result = new float[width];
    for (int d = 0; d < width; d++) {
      result[d] = (float) (sum[d] / rows.length);
    }
    return result;
  }

  /** The rows as they are. */
  Measured plain() {
    return new Measured(new float[width], new float[DIMENSIONS]);
  }

  /** The rows less their mean. */
  Measured centred() {
    return new Measured(mean, projectedMean);
  }

  /** The rows less an origin: their lengths, cosines and projections. */
  final class Measured {
    private final float[] origin;
    private final float[] projectedOrigin;
    private final float[] inverseLength = new float[rows.length];

    private Measured(float[] origin, float[] projectedOrigin) {
      this.origin = origin;
      this.projectedOrigin = projectedOrigin;
      for (int i = 0; i < rows.length; i++) {
        double lengthSquared = dot(i, i);
        // A row without length (or with a NaN) is like no other.
        inverseLength[i] = lengthSquared > 1e-20 ? (float) (1 / Math.sqrt(lengthSquared)) : 0;
      }
    }

    int count() {
      return rows.length;
    }

    double cosine(int i, int j) {
      return dot(i, j) * inverseLength[i] * inverseLength[j];
    }

    private double dot(int i, int j) {
      int a = rows[i] * width;
      int b = rows[j] * width;
      double dot = 0;
      for (int d = 0; d < width; d++) {
        dot += (double) (features[a + d] - origin[d]) * (features[b + d] - origin[d]);
      }
      return dot;
    }

    /** The projections [rows, 64] of the rows scaled to length 1. */
    float[] unitProjections() {
      float[] units = new float[projected.length];
      for (int i = 0; i < units.length; i++) {
        int k = i % DIMENSIONS;
        units[i] = (projected[i] - projectedOrigin[k]) * inverseLength[i / DIMENSIONS];
      }
      return units;
    }
  }
}

package dev.graft.transfer.training;

import java.util.SplittableRandom;

/**
 * Shortens features to {@value #WIDTH} values: each is a sum of a few features with random signs,
 * the same for every row, which keeps cosines up to some thousandths (Achlioptas 2003; Li, Hastie
 * and Church 2006). Immutable, thread-safe.
 */
public final class SparseProjection {
  /** The number of values of a shortened row. */
  public static final int WIDTH = 256;

  private static final int TERMS = 32;

  private final int[] positions = new int[WIDTH * TERMS];
  private final float[] signs = new float[WIDTH * TERMS];

  /** The projection of rows of a width. */
  public SparseProjection(int width) {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < positions.length; i++) {
      positions[i] = random.nextInt(width);
      signs[i] = random.nextBoolean() ? 1 : -1;
    }
  }

  /** Writes the shortened row, {@value #WIDTH} values from the offset on. */
  public void apply(float[] row, float[] out, int offset) {
    for (int o = 0; o < WIDTH; o++) {
      float sum = 0;
      for (int t = o * TERMS; t < (o + 1) * TERMS; t++) {
        sum += signs[t] * row[positions[t]];
      }
      out[offset + o] = sum;
    }
  }
}

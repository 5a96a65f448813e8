package dev.graft.transfer.doctor;

import dev.graft.engine.FeatureMatrix;
import java.util.Arrays;

/**
 * The nearest examples of each example by the cosine of their rows, the nearest first.
 *
 * @param rows [examples][nearest]
 * @param cosines of the same
 */
record Neighbours(int[][] rows, float[][] cosines) {
  private static final int BLOCK = 512;

  /** Finds so many of each, or all others where there are fewer. */
  static Neighbours find(ExampleRows examples, int most) {
    try (FeatureMatrix units = examples.centredUnits()) {
      return find(units, most);
    }
  }

  /** The same for rows of length 1, or 0. */
  static Neighbours find(FeatureMatrix units, int most) {
    int count = units.rows();
    int nearest = Math.min(most, count - 1);
    int[][] rows = new int[count][];
    float[][] cosines = new float[count][];
    for (int first = 0; first < count; first += BLOCK) {
      int end = Math.min(count, first + BLOCK);
      float[] products = units.products(first, end, units).values();
      for (int i = first; i < end; i++) {
        int[] best = nearest(products, (i - first) * count, count, i, nearest);
        float[] theirs = new float[nearest];
        for (int k = 0; k < nearest; k++) {
          theirs[k] = products[(i - first) * count + best[k]];
        }
        rows[i] = best;
        cosines[i] = theirs;
      }
    }
    return new Neighbours(rows, cosines);
  }

  /** Insertion into a short sorted list; among equals the earlier example comes first. */
  private static int[] nearest(float[] products, int offset, int count, int self, int wanted) {
    int[] best = new int[wanted];
    int filled = 0;
    for (int j = 0; j < count; j++) {
      float value = products[offset + j];
      if (j == self || (filled == wanted && !(value > products[offset + best[wanted - 1]]))) {
        continue;
      }
      int place = filled == wanted ? wanted - 1 : filled++;
      while (place > 0 && value > products[offset + best[place - 1]]) {
        best[place] = best[place - 1];
        place--;
      }
      best[place] = j;
    }
    return filled == wanted ? best : Arrays.copyOf(best, filled);
  }

  /** Mean cosine distance of each example to its nearest ones, 0 to 2. */
  double[] distances() {
    double[] distances = new double[cosines.length];
    for (int i = 0; i < distances.length; i++) {
      double sum = 0;
      for (float cosine : cosines[i]) {
        sum += 1 - cosine;
      }
      distances[i] = Math.max(0, sum / Math.max(1, cosines[i].length));
    }
    return distances;
  }
}

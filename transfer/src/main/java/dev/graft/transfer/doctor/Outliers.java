package dev.graft.transfer.doctor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Examples far from all others: those whose mean distance to their nearest neighbours lies beyond
 * the outer fence Q3 + 3 (Q3 - Q1) of all such distances (Tukey 1977, section 2C), which outliers
 * themselves hardly move.
 */
final class Outliers {
  /** Quartiles of fewer distances say nothing. */
  private static final int FEWEST_EXAMPLES = 12;

  private static final double USUAL_SHARE = 0.95;

  private Outliers() {}

  /** An example with its distance and what 95 % of the examples stay below. */
  record Far(int row, double distance, double usual) {}

  /** The examples beyond the fence, the farthest first. */
  static List<Far> of(double[] distances) {
    List<Far> far = new ArrayList<>();
    if (distances.length < FEWEST_EXAMPLES) {
      return far;
    }
    double[] sorted = distances.clone();
    Arrays.sort(sorted);
    double lower = quantile(sorted, 0.25);
    double upper = quantile(sorted, 0.75);
    double fence = upper + 3 * (upper - lower);
    double usual = quantile(sorted, USUAL_SHARE);
    for (int i = 0; i < distances.length; i++) {
      if (distances[i] > fence) {
        far.add(new Far(i, distances[i], usual));
      }
    }
    far.sort(Comparator.comparingDouble(Far::distance).reversed());
    return far;
  }

  static double quantile(double[] sorted, double share) {
    double position = share * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}

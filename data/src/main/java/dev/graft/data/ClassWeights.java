package dev.graft.data;

import java.util.Arrays;
import java.util.List;

/**
 * Weights that make rare classes count as much as frequent ones.
 *
 * <p>w(c) = n / (k n(c)) for n examples in k classes; the weighted number of examples stays n (King
 * and Zeng, "Logistic Regression in Rare Events Data", 2001; the rule "balanced" of scikit-learn).
 */
public final class ClassWeights {
  private ClassWeights() {}

  /**
   * One weight for each class.
   *
   * @param labels the class index of each example, 0 to classes - 1; every class occurs
   */
  public static double[] balanced(int[] labels, int classes) {
    return balanced(labels, classes, Double.POSITIVE_INFINITY);
  }

  /**
   * One weight for each class, none more than {@code maximumRatio} times the smallest, so that a
   * class of 3 beside one of 10,000 does not rule the training.
   *
   * @param labels the class index of each example, 0 to classes - 1; every class occurs
   * @param maximumRatio at least 1
   */
  public static double[] balanced(int[] labels, int classes, double maximumRatio) {
    if (!(maximumRatio >= 1)) {
      throw new IllegalArgumentException(
          "maximumRatio: expected at least 1, found " + maximumRatio);
    }
    int[] counts = counts(labels, classes);
    double[] weights = new double[classes];
    double smallest = Double.POSITIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      weights[c] = (double) labels.length / ((double) classes * counts[c]);
      smallest = Math.min(smallest, weights[c]);
    }
    if (maximumRatio == Double.POSITIVE_INFINITY) {
      return weights;
    }
    double weightedExamples = 0;
    for (int c = 0; c < classes; c++) {
      weights[c] = Math.min(weights[c], smallest * maximumRatio);
      weightedExamples += weights[c] * counts[c];
    }
    // Capping took weight away; the mean weight of an example stays 1, so that rates and decay keep
    // their meaning.
    double restore = labels.length / weightedExamples;
    for (int c = 0; c < classes; c++) {
      weights[c] *= restore;
    }
    return weights;
  }

  private static int[] counts(int[] labels, int classes) {
    int[] counts = new int[classes];
    for (int label : labels) {
      if (label < 0 || label >= classes) {
        throw new IllegalArgumentException("label " + label + " is not in 0.." + (classes - 1));
      }
      counts[label]++;
    }
    List<Integer> missing =
        Arrays.stream(java.util.stream.IntStream.range(0, classes).toArray())
            .filter(c -> counts[c] == 0)
            .boxed()
            .toList();
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException("no example of class index " + missing);
    }
    return counts;
  }
}

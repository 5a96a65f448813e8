package dev.graft.transfer.doctor;

import dev.graft.data.Split;
import dev.graft.data.Splitter;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Whether one number tells the classes: the cross-validated balanced accuracy of a classifier that
 * knows only this number, and how often shuffled labels give as much (permutation test; Ojala and
 * Garriga 2010, test 1).
 *
 * <p>The number's range is cut into at most {@value #MOST_BINS} intervals of equally many examples,
 * and an interval is given to the class that has the largest share of its own training examples
 * there.
 */
final class CueTest {
  private static final int MOST_BINS = 10;
  private static final int EXAMPLES_A_BIN = 12;
  private static final int FOLDS = 5;
  private static final int PERMUTATIONS = 999;

  private final int[] labels;
  private final int classes;
  private final int[] folds;
  private final int foldCount;
  private final long seed;

  /** A test for examples with these labels. */
  CueTest(int[] labels, int classes, long seed) {
    this.labels = labels;
    this.classes = classes;
    this.seed = seed;
    this.foldCount = Math.min(FOLDS, labels.length);
    this.folds = new int[labels.length];
    if (foldCount > 1) {
      List<Split> splits =
          Splitter.folds(labels, Splitter.ungrouped(labels.length), foldCount, seed);
      for (int fold = 0; fold < splits.size(); fold++) {
        for (int row : splits.get(fold).validation()) {
          folds[row] = fold;
        }
      }
    }
  }

  /** Balanced accuracy with the probability of at least as much by chance. */
  record Result(double accuracy, double pValue) {}

  Result of(double[] values) {
    int[] bins = bins(values);
    int binCount = Arrays.stream(bins).max().orElse(0) + 1;
    double accuracy = accuracy(bins, binCount, labels);
    if (binCount < 2 || foldCount < 2) {
      return new Result(1.0 / classes, 1);
    }
    SplittableRandom random = new SplittableRandom(seed);
    int[] shuffled = labels.clone();
    int asGood = 0;
    for (int round = 0; round < PERMUTATIONS; round++) {
      for (int i = shuffled.length - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int kept = shuffled[i];
        shuffled[i] = shuffled[j];
        shuffled[j] = kept;
      }
      asGood += accuracy(bins, binCount, shuffled) >= accuracy ? 1 : 0;
    }
    return new Result(accuracy, (asGood + 1.0) / (PERMUTATIONS + 1));
  }

  /** Intervals by quantile; equal numbers are never parted. */
  private static int[] bins(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int wanted = Math.max(2, Math.min(MOST_BINS, values.length / EXAMPLES_A_BIN));
    double[] ends =
        java.util.stream.IntStream.range(1, wanted)
            .mapToDouble(i -> sorted[i * (sorted.length - 1) / wanted])
            .distinct()
            .filter(end -> end < sorted[sorted.length - 1])
            .toArray();
    return Arrays.stream(values)
        .mapToInt(
            value -> {
              int bin = 0;
              while (bin < ends.length && value > ends[bin]) {
                bin++;
              }
              return bin;
            })
        .toArray();
  }

  private double accuracy(int[] bins, int binCount, int[] theirLabels) {
    int[][][] counts = new int[foldCount + 1][binCount][classes];
    int[] total = new int[classes];
    for (int i = 0; i < bins.length; i++) {
      counts[folds[i]][bins[i]][theirLabels[i]]++;
      counts[foldCount][bins[i]][theirLabels[i]]++;
      total[theirLabels[i]]++;
    }
    int[] right = new int[classes];
    for (int fold = 0; fold < foldCount; fold++) {
      for (int bin = 0; bin < binCount; bin++) {
        int best = 0;
        double most = -1;
        for (int c = 0; c < classes; c++) {
          double share =
              (counts[foldCount][bin][c] - counts[fold][bin][c]) / (double) Math.max(1, total[c]);
          if (share > most) {
            most = share;
            best = c;
          }
        }
        right[best] += counts[fold][bin][best];
      }
    }
    double sum = 0;
    int present = 0;
    for (int c = 0; c < classes; c++) {
      if (total[c] > 0) {
        sum += right[c] / (double) total[c];
        present++;
      }
    }
    return sum / Math.max(1, present);
  }
}

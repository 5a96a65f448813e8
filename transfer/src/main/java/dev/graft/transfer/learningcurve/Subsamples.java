package dev.graft.transfer.learningcurve;

import dev.graft.data.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Nested stratified subsamples of the training side of splits.
 *
 * <p>In each split the training side is put in a random order class by class, and a subsample is
 * the beginning of each class: a larger one holds the smaller ones, as when examples are added.
 */
final class Subsamples {
  /** What one example of each class teaches lies off the law that more of them follow. */
  private static final int LEAST_OF_A_CLASS = 2;

  /** Smaller ones say little about how accuracy grows beyond the largest. */
  private static final double SMALLEST_SHARE = 1.0 / 8;

  private static final int SIZES = 5;

  /** Of few examples, sizes that hardly differ are taken once. */
  private static final double LEAST_GROWTH = 1.15;

  private final List<Split> splits;
  private final List<List<int[]>> trainRows;

  private Subsamples(List<Split> splits, List<List<int[]>> trainRows) {
    this.splits = splits;
    this.trainRows = trainRows;
  }

  /**
   * Draws the subsamples of all splits.
   *
   * @param labels class of each example
   * @param splits what is learned from and judged by
   */
  static Subsamples draw(int[] labels, int classes, List<Split> splits, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<List<int[]>> ordered =
        splits.stream().map(split -> ordered(split.train(), labels, classes, random)).toList();
    List<List<int[]>> bySize = new ArrayList<>();
    int last = 0;
    for (int i = SIZES - 1; i >= 0; i--) {
      double share = Math.pow(SMALLEST_SHARE, i / (SIZES - 1.0));
      List<int[]> drawn = ordered.stream().map(classesOf -> beginnings(classesOf, share)).toList();
      if (mean(drawn) >= LEAST_GROWTH * last) {
        bySize.add(drawn);
        last = mean(drawn);
      }
    }
    return new Subsamples(splits, bySize);
  }

  private static List<int[]> ordered(
      int[] rows, int[] labels, int classes, SplittableRandom random) {
    List<int[]> byClass = new ArrayList<>();
    for (int label = 0; label < classes; label++) {
      int wanted = label;
      int[] own = Arrays.stream(rows).filter(row -> labels[row] == wanted).toArray();
      for (int i = own.length - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int kept = own[i];
        own[i] = own[j];
        own[j] = kept;
      }
      byClass.add(own);
    }
    return byClass;
  }

  private static int[] beginnings(List<int[]> ordered, double share) {
    return ordered.stream()
        .flatMapToInt(
            own ->
                Arrays.stream(own)
                    .limit(
                        Math.max(
                            Math.min(own.length, LEAST_OF_A_CLASS),
                            Math.round(share * own.length))))
        .sorted()
        .toArray();
  }

  /** How many different sizes there are. */
  int sizes() {
    return trainRows.size();
  }

  /** Mean number of examples of a size, from 0 for the smallest. */
  int examples(int size) {
    return mean(trainRows.get(size));
  }

  private static int mean(List<int[]> drawn) {
    return (int) Math.round(drawn.stream().mapToInt(rows -> rows.length).average().orElse(0));
  }

  /** The subsample of a size in each split. */
  List<int[]> of(int size) {
    return trainRows.get(size);
  }

  /** The splits. */
  List<Split> splits() {
    return splits;
  }
}

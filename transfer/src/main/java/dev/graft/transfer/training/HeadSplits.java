package dev.graft.transfer.training;

import dev.graft.data.DataException;
import dev.graft.data.Split;
import dev.graft.data.Splitter;
import java.util.Arrays;
import java.util.List;

/**
 * The splits by which what learns from frozen features is judged, the same for all that do: up to
 * {@value #FOLDS_UP_TO_EXAMPLES} examples five folds, fewer where a class has fewer examples; of
 * more examples one held-out share.
 */
public final class HeadSplits {
  private static final int FOLDS = 5;
  private static final int FOLDS_UP_TO_EXAMPLES = 1_000;

  private HeadSplits() {}

  /**
   * Splits of some examples.
   *
   * @param groups which of them stay on one side of every split
   * @param share held out where one split is made
   * @throws DataException if all examples are one group
   */
  public static List<Split> of(int[] labels, int[] groups, double share, long seed) {
    if (labels.length > FOLDS_UP_TO_EXAMPLES) {
      return List.of(Splitter.holdOut(labels, groups, share, seed));
    }
    int distinct = (int) Arrays.stream(groups).distinct().count();
    if (distinct < 2) {
      throw new DataException(
          "Training: all training examples are the same file. Add examples that differ.");
    }
    int folds = Math.max(2, Math.min(FOLDS, Math.min(smallestClass(labels), distinct)));
    return Splitter.folds(labels, groups, folds, seed);
  }

  private static int smallestClass(int[] labels) {
    int[] counts = new int[Arrays.stream(labels).max().orElse(0) + 1];
    for (int label : labels) {
      counts[label]++;
    }
    return Arrays.stream(counts).filter(count -> count > 0).min().orElse(2);
  }
}

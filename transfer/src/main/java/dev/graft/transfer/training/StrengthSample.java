package dev.graft.transfer.training;

import dev.graft.data.Split;
import dev.graft.data.Splitter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Of many examples, a stratified sample that chooses the strength of a head's penalty, judged by
 * the same held-out examples as the head.
 *
 * <p>The penalty is a prior on the weights, which counts as much beside few examples as beside many
 * only if its factor on the mean loss falls with their number: a strength found on n of N examples
 * stands for n / N of it.
 *
 * @param problem the head on the sample
 * @param share of the examples that train which are in it
 */
record StrengthSample(HeadProblem problem, double share) {
  private static final int FEWEST = 3_000;
  private static final int OF_EACH_CLASS = 20;

  /** Fewer than twice the sample would save nothing. */
  private static final int TIMES = 2;

  /**
   * The sample of a problem; empty where its examples are too few to take one.
   *
   * @param splits of which the first holds out what the head is judged by; empty where the problem
   *     brings examples for that
   */
  static Optional<StrengthSample> of(HeadProblem whole, List<Split> splits) {
    int wanted = Math.max(FEWEST, OF_EACH_CLASS * whole.classes());
    int[] pool = splits.isEmpty() ? all(whole.examples()) : splits.get(0).train();
    if (pool.length < TIMES * wanted) {
      return Optional.empty();
    }
    int[] sample =
        Splitter.holdOut(
                chosen(whole.labels(), pool),
                chosen(whole.groups(), pool),
                (double) wanted / pool.length,
                whole.seed())
            .validation();
    int[] rows = Arrays.stream(sample).map(row -> pool[row]).toArray();
    HeadProblem.HeldOut judged =
        whole.heldOut().orElseGet(() -> whole.plainRows(splits.get(0).validation()));
    Activations features =
        new Activations() {
          @Override
          public int width() {
            return whole.train().width();
          }

          @Override
          public void read(int row, int view, float[] out) {
            whole.train().read(rows[row], view, out);
          }
        };
    HeadProblem problem =
        new HeadProblem(
            features,
            chosen(whole.labels(), rows),
            whole.views(),
            chosen(whole.groups(), rows),
            Optional.of(judged),
            whole.classes(),
            whole.classWeights(),
            whole.validationFraction(),
            whole.seed());
    return Optional.of(new StrengthSample(problem, (double) rows.length / pool.length));
  }

  private static int[] all(int count) {
    int[] rows = new int[count];
    Arrays.setAll(rows, row -> row);
    return rows;
  }

  private static int[] chosen(int[] values, int[] rows) {
    return Arrays.stream(rows).map(row -> values[row]).toArray();
  }
}

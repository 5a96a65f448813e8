package dev.graft.transfer.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Puts examples of about one length into one batch, so that little is computed for what fills up
 * the shorter ones. An epoch's order is cut into stretches of some batches; inside of a stretch
 * examples are sorted by their length, and its batches are shuffled, so that steps still see long
 * and short texts in turn.
 */
final class LengthBuckets {
  private static final int BATCHES_OF_A_STRETCH = 24;

  private LengthBuckets() {}

  /**
   * The arranged order, a function of its arguments alone.
   *
   * @param order rows in the order of the epoch
   * @param length of a row
   */
  static int[] arranged(int[] order, int batchSize, IntUnaryOperator length) {
    int[] arranged = new int[order.length];
    int stretch = BATCHES_OF_A_STRETCH * batchSize;
    for (int from = 0; from < order.length; from += stretch) {
      int to = Math.min(order.length, from + stretch);
      List<Integer> rows =
          IntStream.range(from, to)
              .mapToObj(i -> order[i])
              .sorted(Comparator.comparingInt(length::applyAsInt))
              .collect(Collectors.toList());
      int at = from;
      for (int batch : shuffled((to - from) / batchSize, order[from])) {
        for (int row : rows.subList(batch * batchSize, (batch + 1) * batchSize)) {
          arranged[at++] = row;
        }
      }
      // A last batch that is not full stays the last one of the epoch.
      for (int row : rows.subList((to - from) / batchSize * batchSize, rows.size())) {
        arranged[at++] = row;
      }
    }
    return arranged;
  }

  private static List<Integer> shuffled(int count, int seed) {
    List<Integer> batches = new ArrayList<>();
    IntStream.range(0, count).forEach(batches::add);
    Collections.shuffle(batches, new Random(seed));
    return batches;
  }
}

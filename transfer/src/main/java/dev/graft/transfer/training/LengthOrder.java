package dev.graft.transfer.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * The order of the examples in an epoch where examples of one length share a batch, so that little
 * is computed for padding: {@link Order}, in which every {@value #BATCHES} batches are sorted by
 * {@link ExampleViews#batchKey} and then shuffled as whole batches. Where all examples have one key
 * it is {@link Order} itself.
 */
public final class LengthOrder {
  private static final int BATCHES = 20;

  private LengthOrder() {}

  /** The order, a function of the examples, seed and epoch alone. */
  public static int[] of(
      ExampleViews views, ExampleTable table, int batchSize, long seed, int epoch) {
    int[] order = Order.of(table.size(), seed, epoch);
    int[] keys = new int[order.length];
    for (int row = 0; row < keys.length; row++) {
      keys[row] = new ViewRequest(table, row, 0).batchKey(views);
    }
    return sorted(order, keys, batchSize, seed, epoch);
  }

  static int[] sorted(int[] order, int[] keys, int batchSize, long seed, int epoch) {
    if (java.util.Arrays.stream(keys).distinct().count() <= 1) {
      return order;
    }
    Random random = new Random(seed * 1_000_003L + epoch);
    int[] result = new int[order.length];
    int whole = order.length / batchSize * batchSize;
    // What fills no batch stays where it is: an epoch leaves it out.
    System.arraycopy(order, whole, result, whole, order.length - whole);
    for (int from = 0; from < whole; from += BATCHES * batchSize) {
      int to = Math.min(whole, from + BATCHES * batchSize);
      List<Integer> some = new ArrayList<>();
      for (int i = from; i < to; i++) {
        some.add(order[i]);
      }
      some.sort(Comparator.comparingInt(row -> keys[row]));
      List<Integer> batches = new ArrayList<>();
      for (int batch = 0; batch < some.size() / batchSize; batch++) {
        batches.add(batch);
      }
      Collections.shuffle(batches, random);
      for (int i = from; i < to; i++) {
        int batch = batches.get((i - from) / batchSize);
        result[i] = some.get(batch * batchSize + (i - from) % batchSize);
      }
    }
    return result;
  }
}

package dev.graft.transfer.training;

import java.util.SplittableRandom;

/** The order of the examples in an epoch, a function of seed and epoch alone. */
public final class Order {
  private Order() {}

  /** A Fisher-Yates shuffle of 0, 1, ... count-1. */
  public static int[] of(int count, long seed, int epoch) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003L + epoch);
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    return order;
  }
}

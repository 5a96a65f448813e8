package dev.graft.transfer.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LengthOrderTest {
  private static final int COUNT = 1_003;
  private static final int BATCH = 10;

  private static int[] keys() {
    return IntStream.range(0, COUNT).map(row -> 8 * (row % 5)).toArray();
  }

  private static int[] order(int epoch) {
    return LengthOrder.sorted(Order.of(COUNT, 3, epoch), keys(), BATCH, 3, epoch);
  }

  @Test
  void sorted_severalLengths_everyExampleOnceAndMostBatchesOfOneLength() {
    int[] order = order(0);
    assertThat(Arrays.stream(order).sorted().toArray())
        .containsExactly(IntStream.range(0, COUNT).toArray());
    int[] keys = keys();
    long alike =
        IntStream.range(0, COUNT / BATCH)
            .filter(
                batch ->
                    IntStream.range(batch * BATCH, batch * BATCH + BATCH)
                            .map(i -> keys[order[i]])
                            .distinct()
                            .count()
                        == 1)
            .count();
    assertThat(alike).isGreaterThan(COUNT / BATCH * 3 / 4);
  }

  @Test
  void sorted_batches_areNotInTheOrderOfTheirLengths() {
    int[] keys = keys();
    int[] order = order(0);
    int[] firsts = IntStream.range(0, 20).map(batch -> keys[order[batch * BATCH]]).toArray();
    assertThat(Arrays.stream(firsts).sorted().toArray()).isNotEqualTo(firsts);
  }

  @Test
  void sorted_sameSeedAndEpoch_isTheSameOrder() {
    assertThat(order(1)).isEqualTo(order(1)).isNotEqualTo(order(2));
  }

  @Test
  void sorted_oneLength_isTheOrderOfAllData() {
    int[] plain = Order.of(COUNT, 3, 0);
    assertThat(LengthOrder.sorted(plain.clone(), new int[COUNT], BATCH, 3, 0)).isEqualTo(plain);
  }
}

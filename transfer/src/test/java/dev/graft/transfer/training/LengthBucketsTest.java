package dev.graft.transfer.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LengthBucketsTest {
  private static final int[] LENGTHS =
      IntStream.range(0, 1_003).map(i -> 1 + i * 37 % 100).toArray();

  private static int[] arranged(int epoch) {
    return LengthBuckets.arranged(Order.of(LENGTHS.length, 5, epoch), 10, row -> LENGTHS[row]);
  }

  @Test
  void arranged_anyOrder_hasEachRowOnce() {
    assertThat(Arrays.stream(arranged(0)).sorted().toArray())
        .isEqualTo(IntStream.range(0, LENGTHS.length).toArray());
  }

  @Test
  void arranged_batches_holdAboutOneLengthInMixedTurns() {
    int[] rows = arranged(0);
    int widest = 0;
    int rises = 0;
    int before = 0;
    for (int batch = 0; batch < 24; batch++) {
      int[] own =
          Arrays.stream(rows, 10 * batch, 10 * batch + 10).map(row -> LENGTHS[row]).toArray();
      int longest = Arrays.stream(own).max().orElse(0);
      widest = Math.max(widest, longest - Arrays.stream(own).min().orElse(0));
      rises += longest > before ? 1 : 0;
      before = longest;
    }
    assertThat(widest).isLessThan(25);
    assertThat(rises).isBetween(6, 18);
  }

  @Test
  void arranged_sameOrder_sameBatchesAndAnotherEpochOthers() {
    assertThat(arranged(3)).isEqualTo(arranged(3)).isNotEqualTo(arranged(4));
  }

  @Test
  void arranged_fewerThanABatch_areKept() {
    assertThat(LengthBuckets.arranged(new int[] {2, 0, 1}, 8, row -> 1)).containsExactly(2, 0, 1);
    assertThat(LengthBuckets.arranged(new int[0], 8, row -> 1)).isEmpty();
  }
}

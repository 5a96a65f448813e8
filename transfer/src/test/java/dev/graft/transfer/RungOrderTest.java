package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which strategies the ladder tries after which. */
final class RungOrderTest {
  private static final Strategy HALF = new Strategy.HeadThenLastBlocks(4);
  private static final Strategy QUARTER = new Strategy.HeadThenLastBlocks(2);
  private static final Strategy ALL = new Strategy.HeadThenAll();
  private static final Strategy NORMS = new Strategy.HeadThenNorms();
  private static final RungOrder ORDER = new RungOrder(HALF, List.of(QUARTER), List.of(ALL, NORMS));

  @Test
  void after_middleGained_moreLayersFirst() {
    assertThat(ORDER.after(true)).containsExactly(ALL, NORMS, QUARTER);
    assertThat(ORDER.after(false)).containsExactly(QUARTER, ALL, NORMS);
  }

  @Test
  void endsWith_allLayersGainedOnTheMiddleThatHadGained_nothingElseIsTried() {
    assertThat(ORDER.endsWith(ALL, true)).isTrue();
    assertThat(ORDER.endsWith(ALL, false)).isFalse();
    assertThat(ORDER.endsWith(HALF, true)).isFalse();
    assertThat(ORDER.endsWith(NORMS, true)).isFalse();
  }

  @Test
  void endsWith_allLayersAreTheMiddle_biasesAndNormsAreStillTried() {
    assertThat(new RungOrder(ALL, List.of(), List.of(NORMS)).endsWith(ALL, true)).isFalse();
  }
}

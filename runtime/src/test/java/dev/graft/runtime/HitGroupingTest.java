package dev.graft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HitGroupingTest {
  /** Scores a second apart. */
  private static List<Detection> hits(double threshold, double refractory, double... scores) {
    HitGrouping grouping = new HitGrouping(threshold, refractory);
    List<Detection> hits = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      grouping.next(i, scores[i]).ifPresent(hits::add);
    }
    return hits;
  }

  @Test
  void next_atTheThreshold_isAHitAtOnce() {
    assertThat(hits(0.5, 2, 0.5)).containsExactly(new Detection(0, 0.5));
    assertThat(hits(0.5, 2, Math.nextDown(0.5), Double.NaN)).isEmpty();
  }

  @Test
  void next_whileScoresStayHigh_isOneHitHoweverLong() {
    assertThat(hits(0.5, 2, 0.1, 0.6, 0.9, 0.7, 0.8, 0.9, 0.9, 0.6))
        .containsExactly(new Detection(1, 0.6));
  }

  @Test
  void next_againBeforeTheRefractoryTimeIsOver_isTheSameHitAndProlongsIt() {
    assertThat(hits(0.5, 2, 0.9, 0, 0.9, 0, 0.9, 0, 0.9)).containsExactly(new Detection(0, 0.9));
  }

  @Test
  void next_afterTheRefractoryTimeWithoutOne_isAnotherHit() {
    assertThat(hits(0.5, 2, 0.9, 0.8, 0, 0, 0.7))
        .containsExactly(new Detection(0, 0.9), new Detection(4, 0.7));
  }

  @Test
  void next_withoutRefractoryTime_isAHitEachTime() {
    assertThat(hits(0.5, 0, 0.9, 0.8, 0.1, 0.7))
        .extracting(Detection::seconds)
        .containsExactly(0.0, 1.0, 3.0);
  }
}

package dev.graft.transfer.pretraining;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PaceTest {
  private long now;

  @Test
  void left_growingImages_countsPixelsNotSteps() {
    // Two epochs of 4 steps, at 8 and then at 16 pixels: the second has four times the work.
    Pace pace = new Pace(PretrainingTest.settings(2, new ImageSides(8, 16)), 4, () -> now);
    for (int step = 0; step < 4; step++) {
      now += 1_000_000_000L;
      pace.step(0);
    }
    assertThat(pace.left(0, 4)).isEqualTo(Duration.ofSeconds(16));
    assertThat(pace.examplesPerSecond(10)).isEqualTo(10);
  }

  @Test
  void left_nothingDone_isZero() {
    Pace pace = new Pace(PretrainingTest.settings(2, ImageSides.constant(8)), 4, () -> now);
    assertThat(pace.left(0, 0)).isEqualTo(Duration.ZERO);
    assertThat(pace.examplesPerSecond(10)).isZero();
  }
}

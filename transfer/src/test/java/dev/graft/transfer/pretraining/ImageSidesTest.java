package dev.graft.transfer.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class ImageSidesTest {
  @Test
  void of_growing_risesInMultiplesOfEightAndStaysInTheLastQuarter() {
    ImageSides sides = new ImageSides(40, 64);
    assertThat(sides.of(0, 12)).isEqualTo(40);
    assertThat(sides.of(3, 12)).isEqualTo(48);
    assertThat(sides.of(6, 12)).isEqualTo(56);
    for (int epoch = 9; epoch < 12; epoch++) {
      assertThat(sides.of(epoch, 12)).isEqualTo(64);
    }
  }

  @Test
  void of_oneEpoch_beginsSmall() {
    assertThat(new ImageSides(40, 64).of(0, 1)).isEqualTo(40);
  }

  @Test
  void of_sidesThatAreNoMultiples_keepsBothEnds() {
    ImageSides sides = new ImageSides(33, 35);
    assertThat(sides.of(0, 8)).isEqualTo(33);
    assertThat(sides.of(7, 8)).isEqualTo(35);
  }

  @Test
  void constant_anyEpoch_isTheSame() {
    assertThat(ImageSides.constant(28).of(3, 9)).isEqualTo(28);
  }

  @Test
  void new_falling_isRefused() {
    assertThatThrownBy(() -> new ImageSides(64, 48))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from 64 to 48");
  }
}

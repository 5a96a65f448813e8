package dev.graft.transfer.explanation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class HeatGridTest {
  private static final HeatGrid GRID =
      new HeatGrid(
          HeatGrid.Axis.even(2), new HeatGrid.Axis(3, 0, 0.25), new float[] {0, 2, 4, 10, 12, 14});

  @Test
  void at_centres_areTheValues() {
    assertThat(GRID.at(0, 0.25)).isZero();
    assertThat(GRID.at(0.25, 0.25)).isEqualTo(2);
    assertThat(GRID.at(0.5, 0.75)).isEqualTo(14);
  }

  @Test
  void at_betweenCentres_isBilinear() {
    // Halfway down and a quarter of the way from the first to the second column.
    assertThat(GRID.at(0.0625, 0.5)).isCloseTo(0.5 + 5, within(1e-9));
  }

  @Test
  void at_beyondTheOutermostCentres_isTheirs() {
    assertThat(GRID.at(1, 0)).isEqualTo(4);
    assertThat(GRID.at(-1, 2)).isEqualTo(10);
  }

  @Test
  void new_valuesThatDoNotFill_isRefused() {
    assertThatThrownBy(
            () -> new HeatGrid(HeatGrid.Axis.even(2), HeatGrid.Axis.even(2), new float[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 x 2 places");
  }
}

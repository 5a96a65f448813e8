package dev.graft.transfer.visualisation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class HeatPaletteTest {
  private static final int STEPS = 64;

  /**
   * From linear sRGB to Oklab by the matrices of Ottosson 2020, the other way round than the code.
   */
  private static double[] oklab(double... rgb) {
    double l = Math.cbrt(0.4122214708 * rgb[0] + 0.5363325363 * rgb[1] + 0.0514459929 * rgb[2]);
    double m = Math.cbrt(0.2119034982 * rgb[0] + 0.6806995451 * rgb[1] + 0.1073969566 * rgb[2]);
    double s = Math.cbrt(0.0883024619 * rgb[0] + 0.2817188376 * rgb[1] + 0.6299787005 * rgb[2]);
    return new double[] {
      0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
      1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
    };
  }

  @Test
  void linear_everyShare_canBeShown() {
    for (int step = 0; step <= STEPS; step++) {
      for (double value : HeatPalette.linear((double) step / STEPS)) {
        assertThat(value).as("step %s", step).isBetween(0.0, 1.0);
      }
    }
  }

  @Test
  void linear_equalSteps_areEquallyFarApartAndLighter() {
    double first = 0;
    for (int step = 1; step <= STEPS; step++) {
      double[] before = oklab(HeatPalette.linear((step - 1.0) / STEPS));
      double[] after = oklab(HeatPalette.linear((double) step / STEPS));
      double distance =
          Math.sqrt(
              Math.pow(after[0] - before[0], 2)
                  + Math.pow(after[1] - before[1], 2)
                  + Math.pow(after[2] - before[2], 2));
      first = step == 1 ? distance : first;
      assertThat(distance).as("step %s", step).isCloseTo(first, within(0.005 * first));
      assertThat(after[0]).isGreaterThan(before[0]);
    }
  }

  @Test
  void write_outsideOfTheRange_takesTheEnds() {
    byte[] rgb = new byte[12];
    HeatPalette.write(-3, rgb, 0);
    HeatPalette.write(0, rgb, 3);
    HeatPalette.write(7, rgb, 6);
    HeatPalette.write(1, rgb, 9);
    assertThat(new byte[] {rgb[0], rgb[1], rgb[2]}).containsExactly(rgb[3], rgb[4], rgb[5]);
    assertThat(new byte[] {rgb[6], rgb[7], rgb[8]}).containsExactly(rgb[9], rgb[10], rgb[11]);
    assertThat(rgb[0] & 0xFF).isLessThan(rgb[6] & 0xFF);
  }
}

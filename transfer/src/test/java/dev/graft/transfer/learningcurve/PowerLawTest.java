package dev.graft.transfer.learningcurve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class PowerLawTest {
  private static final int[] EXAMPLES = {20, 40, 80, 160, 320};

  private static double[] weights(double each) {
    double[] weights = new double[EXAMPLES.length];
    Arrays.fill(weights, each);
    return weights;
  }

  /** The errors are computed from the law itself; the grid holds its exponent. */
  @Test
  void fit_errorsOfALaw_givesThatLaw() {
    double[] errors =
        Arrays.stream(EXAMPLES).mapToDouble(n -> 0.05 + 1.5 * Math.pow(n, -0.6)).toArray();

    PowerLaw law = PowerLaw.fit(EXAMPLES, errors, weights(1e8));

    assertThat(law.exponent()).isCloseTo(0.6, within(1e-9));
    assertThat(law.floor()).isCloseTo(0.05, within(1e-6));
    assertThat(law.scale()).isCloseTo(1.5, within(1e-4));
    assertThat(law.misfit()).isLessThan(1e-6);
    assertThat(law.accuracy(640)).isCloseTo(0.95 - 1.5 * Math.pow(640, -0.6), within(1e-6));
  }

  @Test
  void fit_errorsThatRise_expectsTheirMeanForEver() {
    PowerLaw law = PowerLaw.fit(EXAMPLES, new double[] {0.1, 0.15, 0.2, 0.25, 0.3}, weights(100));

    assertThat(law.scale()).isZero();
    assertThat(law.accuracy(10_000)).isCloseTo(0.8, within(1e-12));
  }

  /** A straight line through these would leave less than no error. */
  @Test
  void fit_errorsThatFallFast_neverExpectsLessThanNone() {
    double[] errors = {0.4, 0.15, 0.04, 0.01, 0.0};

    PowerLaw law = PowerLaw.fit(EXAMPLES, errors, weights(1_000));

    assertThat(law.floor()).isNotNegative();
    assertThat(law.accuracy(1_000_000)).isBetween(0.99, 1.0);
  }

  /** With a weight of nothing, the points cannot tell; the theory's exponent stands. */
  @Test
  void fit_errorsThatTellNothing_takesTheExponentOfTheory() {
    PowerLaw law = PowerLaw.fit(EXAMPLES, new double[] {0.3, 0.1, 0.3, 0.1, 0.2}, weights(1e-6));

    assertThat(law.exponent()).isCloseTo(0.5, within(1e-9));
  }
}

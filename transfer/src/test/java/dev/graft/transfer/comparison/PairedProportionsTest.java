package dev.graft.transfer.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairedProportionsTest {
  /**
   * Published examples of Newcombe's interval, with the sign of first minus second turned: airway
   * hyper-responsiveness (Fagerland, Lydersen and Laake 2014, "Recommended tests and confidence
   * intervals for paired binomial proportions", table 1: -0.507 to -0.026) and Altman et al. 2000,
   * "Statistics with confidence", table 6.2 (0.011 to 0.226).
   */
  @ParameterizedTest
  @CsvSource({"1, 1, 7, 12, 0.026, 0.507", "14, 5, 0, 22, -0.226, -0.011"})
  void interval_publishedExamples_isTheirs(
      int both, int first, int second, int neither, double low, double high) {
    DifferenceInterval interval = new PairedProportions(both, first, second, neither).interval();
    assertThat(interval.low()).isCloseTo(low, within(6e-4));
    assertThat(interval.high()).isCloseTo(high, within(6e-4));
  }

  @Test
  void interval_modelsExchanged_isTurnedRound() {
    DifferenceInterval one = new PairedProportions(80, 3, 9, 8).interval();
    DifferenceInterval other = new PairedProportions(80, 9, 3, 8).interval();
    assertThat(one.low()).isCloseTo(-other.high(), within(1e-12));
    assertThat(one.high()).isCloseTo(-other.low(), within(1e-12));
  }

  /** Without any disagreement the difference is still not known exactly. */
  @ParameterizedTest
  @CsvSource({"100, 0", "0, 100", "90, 10", "1, 0"})
  void interval_noDisagreement_holdsZeroAndHasAWidth(int both, int neither) {
    PairedProportions counts = new PairedProportions(both, 0, 0, neither);
    assertThat(counts.difference()).isZero();
    assertThat(counts.interval().low()).isNegative();
    assertThat(counts.interval().high()).isPositive();
    assertThat(counts.interval().excludesZero()).isFalse();
    assertThat(counts.exactP()).isEqualTo(1);
  }

  /** 2 (1 + 8) / 256 is the exact p value that the same paper gives as 0.0703; others by hand. */
  @ParameterizedTest
  @CsvSource({
    "1, 7, 0.0703125",
    "7, 1, 0.0703125",
    "0, 5, 0.0625",
    "0, 6, 0.03125",
    "3, 3, 1",
    "0, 0, 1",
    "2, 10, 0.03857421875"
  })
  void exactP_fewDisagreements_isTheBinomialTail(int first, int second, double p) {
    assertThat(new PairedProportions(5, first, second, 5).exactP()).isCloseTo(p, within(1e-12));
  }

  @Test
  void exactP_manyDisagreements_staysWithinItsRange() {
    assertThat(new PairedProportions(0, 20_000, 20_400, 0).exactP())
        .isCloseTo(0.0472, within(5e-4)); // the normal approximation with continuity correction
    assertThat(new PairedProportions(0, 100_000, 0, 0).exactP()).isBetween(0.0, 1e-300);
  }

  @Test
  void new_noExamplesOrNegative_isRefused() {
    assertThatThrownBy(() -> new PairedProportions(0, 0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PairedProportions(3, -1, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

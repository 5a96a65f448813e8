package dev.graft.transfer.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IntervalTest {

  /** Expected values: scipy 1.17.1, binomtest(k, n).proportion_ci(0.95, method="wilson"). */
  @ParameterizedTest
  @CsvSource({
    "144, 153, 0.8919944328901532, 0.968747369788028",
    "0, 10, 0.0, 0.27753279986288926",
    "10, 10, 0.7224672001371109, 1.0",
    "1, 3, 0.06149194472039626, 0.7923403991979523",
    "623, 624, 0.9909789130887264, 0.9997170520492457",
    "50, 100, 0.4038315303659956, 0.5961684696340044"
  })
  void wilson_counts_giveTheReferenceInterval(int successes, int trials, double low, double high) {
    Interval interval = Interval.wilson(successes, trials, Interval.NORMAL_QUANTILE_95);
    assertThat(interval.low()).isCloseTo(low, within(1e-12));
    assertThat(interval.high()).isCloseTo(high, within(1e-12));
  }

  @Test
  void wilson_withoutTrials_knowsNothing() {
    assertThat(Interval.wilson(0, 0, 1.96)).isEqualTo(new Interval(0, 1));
  }

  @Test
  void wilson_manyTrials_staysWithinZeroAndOne() {
    assertThat(Interval.wilson(0, Integer.MAX_VALUE, 1.96).low()).isZero();
    assertThat(Interval.wilson(Integer.MAX_VALUE, Integer.MAX_VALUE, 1.96).high()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"-1, 3, 1.96", "4, 3, 1.96", "1, 3, 0", "1, 3, NaN", "1, 3, Infinity"})
  void wilson_impossibleCounts_areRefused(int successes, int trials, double z) {
    assertThatThrownBy(() -> Interval.wilson(successes, trials, z))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got " + successes + " of " + trials);
  }

  @ParameterizedTest
  @CsvSource({"-0.1, 0.5", "0.6, 0.5", "0.5, 1.1", "NaN, 1"})
  void interval_boundsOutOfOrder_areRefused(double low, double high) {
    assertThatThrownBy(() -> new Interval(low, high))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 <= low <= high <= 1");
  }
}

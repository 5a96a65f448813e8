package dev.graft.transfer.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PairedAccuracyTest {
  private static PairedAccuracy of(int onlyFirst, int onlySecond, int both) {
    int count = onlyFirst + onlySecond + both;
    boolean[] first = new boolean[count];
    boolean[] second = new boolean[count];
    Arrays.fill(first, 0, onlyFirst, true);
    Arrays.fill(second, onlyFirst, onlyFirst + onlySecond, true);
    Arrays.fill(first, onlyFirst + onlySecond, count, true);
    Arrays.fill(second, onlyFirst + onlySecond, count, true);
    return PairedAccuracy.of(first, second);
  }

  /** By hand: 2 P(X < k) + P(X = k) of a binomial with chance 1/2, such as (2 * 1 + 6) / 64. */
  @ParameterizedTest
  @CsvSource({"5, 0, 0.03125", "1, 5, 0.125", "5, 1, 0.125", "2, 2, 1", "0, 0, 1", "1, 0, 0.5"})
  void of_discordantPairs_givesMidP(int onlyFirst, int onlySecond, double expected) {
    assertThat(of(onlyFirst, onlySecond, 7).pValue()).isCloseTo(expected, within(1e-12));
  }

  @Test
  void of_manyPairs_staysFinite() {
    PairedAccuracy clear = of(1_400, 1_000, 10);
    assertThat(clear.pValue()).isBetween(0.0, 1e-10);
    assertThat(clear.isFirstBetter()).isTrue();
    assertThat(of(1_000, 1_000, 0).pValue()).isEqualTo(1);
  }

  @Test
  void verdict_ofEachKind_excludesTheOthers() {
    assertThat(of(3, 1, 6).isTie()).isTrue();
    assertThat(of(3, 1, 6).isFirstBetter()).isFalse();
    assertThat(of(9, 1, 6).isFirstBetter()).isTrue();
    assertThat(of(9, 1, 6).isSecondBetter()).isFalse();
    assertThat(of(1, 9, 6).isSecondBetter()).isTrue();
    assertThat(of(9, 1, 10).difference()).isCloseTo(0.4, within(1e-12));
  }

  @Test
  void of_differentLengths_isRefused() {
    assertThatThrownBy(() -> PairedAccuracy.of(new boolean[2], new boolean[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("2 and 3 examples");
  }
}

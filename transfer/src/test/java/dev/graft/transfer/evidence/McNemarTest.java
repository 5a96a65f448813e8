package dev.graft.transfer.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class McNemarTest {
  @ParameterizedTest
  @CsvSource({"5,0,0.015625", "0,0,0.5", "3,3,0.5", "1,0,0.25", "0,5,0.984375", "9,1,0.005859375"})
  void oneSidedMidP_winsAndLosses_binomialTailWithHalfOfTheSeen(
      int wins, int losses, double expected) {
    assertThat(McNemar.oneSidedMidP(wins, losses)).isCloseTo(expected, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({"5,0,0.03125", "0,5,0.03125", "3,3,1", "0,0,1"})
  void twoSidedMidP_eitherWay_twiceThatOfTheLargerCount(int first, int second, double expected) {
    assertThat(McNemar.twoSidedMidP(first, second)).isCloseTo(expected, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({"5,0,0.0625", "1,9,0.021484375", "4,4,1"})
  void twoSidedExactP_countsTheSeenWhole(int first, int second, double expected) {
    assertThat(McNemar.twoSidedExactP(first, second)).isCloseTo(expected, within(1e-12));
  }
}

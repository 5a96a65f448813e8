package dev.graft.transfer.wakeword;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.transfer.evidence.OperatingCurve;
import dev.graft.transfer.evidence.StreamScores;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FalseAcceptTailTest {
  private static final double HOURS = 2;

  /** Hits so far apart that none joins another, at these margins. */
  private static OperatingCurve curve(double... margins) {
    double[] scores = new double[3 * margins.length];
    for (int i = 0; i < margins.length; i++) {
      scores[3 * i] = 1 / (1 + Math.exp(-margins[i]));
    }
    return OperatingCurve.of(List.of(new StreamScores(scores, 1, 1, List.of(), HOURS)), 1);
  }

  /** The k-th highest of n lies where n exp(-b m) = k: ln(rate) = ln(n / hours) - b m. */
  @ParameterizedTest
  @CsvSource({"30, 1, 0.5", "30, 2, 0.1", "12, 0.5, 0.01"})
  void marginFor_exponentialTail_followsIt(int count, double slope, double rate) {
    double[] margins = new double[count];
    for (int k = 1; k <= count; k++) {
      margins[k - 1] = Math.log((double) count / k) / slope - 3;
    }
    double expected = (Math.log(count / HOURS) - Math.log(rate)) / slope - 3;
    assertThat(FalseAcceptTail.marginFor(rate, curve(margins)).orElseThrow())
        .isCloseTo(expected, within(1e-6));
  }

  @Test
  void marginFor_tooFewOrNone_isUnknown() {
    assertThat(FalseAcceptTail.marginFor(0.5, curve(3, 2, 1))).isEmpty();
    assertThat(FalseAcceptTail.marginFor(0.5, curve())).isEmpty();
    assertThat(FalseAcceptTail.marginFor(0.5, curve(2, 2, 2, 2, 2, 2))).as("no fall").isEmpty();
  }
}

package dev.graft.transfer.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.transfer.evidence.CalibrationFindings.Observed;
import dev.graft.transfer.evidence.CalibrationFindings.PredictionSets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConformalSetsTest {
  /**
   * The guarantee is about the mean over samples of held-out examples, whatever the probabilities
   * are worth: here they are three times too sure.
   */
  @ParameterizedTest
  @CsvSource({"0.8, 19", "0.9, 19", "0.9, 100", "0.95, 100"})
  void of_exchangeableExamples_coverAsOftenAsStated(double coverage, int examples) {
    HeldOutPredictions others = DrawnPredictions.of(2_000, 4, 3, 12_345);
    double mean = 0;
    for (int seed = 0; seed < 300; seed++) {
      HeldOutPredictions heldOut = DrawnPredictions.of(examples, 4, 3, seed);
      double least = ConformalSets.leastProbability(heldOut, coverage).orElseThrow();
      mean += ConformalSets.observed(others, least).coverage() / 300;
    }
    // Above by less than 1 / (n + 1), and by chance: 300 samples, 2,000 examples.
    assertThat(mean).isBetween(coverage - 0.015, coverage + 1.0 / (examples + 1) + 0.015);
  }

  @Test
  void leastProbability_nineExamples_isTheLeastOfTheTrueClasses() {
    // ceil(10 * 0.9) = 9 of 9 must be covered.
    float[] probabilities = new float[18];
    for (int i = 0; i < 9; i++) {
      probabilities[2 * i] = 0.1f + 0.05f * i;
      probabilities[2 * i + 1] = 1 - probabilities[2 * i];
    }
    HeldOutPredictions nine = new HeldOutPredictions(new int[9], probabilities, 2);
    assertThat(ConformalSets.leastProbability(nine, 0.9).orElseThrow())
        .isCloseTo(0.1, within(1e-6));
    // ceil(10 * 0.5) = 5: the fifth from above.
    assertThat(ConformalSets.leastProbability(nine, 0.5).orElseThrow())
        .isCloseTo(0.3, within(1e-6));
  }

  @ParameterizedTest
  @CsvSource({"0.9, 9", "0.95, 19", "0.99, 99", "0.5, 1"})
  void leastProbability_tooFewExamples_isEmpty(double coverage, int fewest) {
    assertThat(ConformalSets.fewestExamples(coverage)).isEqualTo(fewest);
    assertThat(ConformalSets.leastProbability(DrawnPredictions.of(fewest, 3, 1, 1), coverage))
        .isPresent();
    assertThat(ConformalSets.leastProbability(DrawnPredictions.of(fewest - 1, 3, 1, 1), coverage))
        .isEmpty();
  }

  @Test
  void observed_thresholdThatNothingReaches_setsHoldTheMostProbable() {
    HeldOutPredictions two =
        new HeldOutPredictions(new int[] {0, 1}, new float[] {.6f, .4f, .7f, .3f}, 2);
    Observed found = ConformalSets.observed(two, 0.99);
    assertThat(found.meanSize()).isEqualTo(1);
    assertThat(found.coverage()).isEqualTo(0.5);
    assertThat(found.interval().low()).isBetween(0.0, 0.5);
    assertThat(found.interval().high()).isBetween(0.5, 1.0);
  }

  @Test
  void of_withTestPart_tellsWhatItShows() {
    HeldOutPredictions heldOut = DrawnPredictions.of(200, 3, 1, 1);
    PredictionSets sets =
        ConformalSets.of(heldOut, Optional.of(DrawnPredictions.of(1_000, 3, 1, 2)), 0.9)
            .orElseThrow();
    assertThat(sets.coverage()).isEqualTo(0.9);
    assertThat(sets.meanSize()).isBetween(1.0, 3.0);
    Observed test = sets.test().orElseThrow();
    assertThat(test.interval().low()).isLessThan(test.coverage());
    assertThat(test.coverage()).isBetween(0.83, 0.96);
    assertThat(ConformalSets.of(heldOut, Optional.empty(), 0.9).orElseThrow().test()).isEmpty();
  }
}

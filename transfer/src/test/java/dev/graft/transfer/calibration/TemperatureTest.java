package dev.graft.transfer.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.transfer.training.Softmax;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemperatureTest {
  /** Logits that were multiplied by a number are right again when they are divided by it. */
  @ParameterizedTest
  @ValueSource(doubles = {0.4, 0.7, 1.5, 3})
  void fit_manyExamplesOfKnownTemperature_recoversIt(double known) {
    double found = Temperature.fit(DrawnPredictions.of(4_000, 4, known, 1));
    assertThat(found).isCloseTo(known, within(0.06 * known));
  }

  @Test
  void fit_calibratedPredictionsOfFew_changesNothing() {
    long changed =
        IntStream.range(0, 40)
            .filter(seed -> Temperature.fit(DrawnPredictions.of(20, 3, 1, seed)) != 1)
            .count();
    assertThat(changed).isLessThanOrEqualTo(2);
    assertThat(Temperature.fit(DrawnPredictions.of(1, 3, 1, 1))).isEqualTo(1);
  }

  @Test
  void fit_calibratedPredictionsOfMany_changesHardlyAnything() {
    for (int seed = 0; seed < 40; seed++) {
      assertThat(Temperature.fit(DrawnPredictions.of(200, 3, 1, seed))).isBetween(0.85, 1.18);
    }
  }

  /** Of 50 examples a temperature may do no harm: measured on 2,000 others. */
  @ParameterizedTest
  @ValueSource(doubles = {0.6, 0.85, 1, 1.2, 2})
  void fit_fewExamples_makesOthersHardlyWorse(double known) {
    HeldOutPredictions others = DrawnPredictions.of(2_000, 3, known, 99);
    double gain = 0;
    for (int seed = 0; seed < 40; seed++) {
      double found = Temperature.fit(DrawnPredictions.of(50, 3, known, seed));
      double own = loss(others) - loss(others.with(applied(others, found)));
      assertThat(own).as("seed %d, T %.2f", seed, found).isGreaterThan(-0.02);
      gain += own / 40;
    }
    assertThat(gain).isGreaterThan(-0.002);
  }

  @Test
  void fit_allCertainlyWrong_staysInsideItsBounds() {
    HeldOutPredictions wrong = new HeldOutPredictions(new int[200], certain(200, 1), 2);
    assertThat(Temperature.fit(wrong)).isCloseTo(Temperature.LARGEST, within(1e-3));
    HeldOutPredictions right = new HeldOutPredictions(new int[200], certain(200, 0), 2);
    assertThat(Temperature.fit(right)).isBetween(1 / Temperature.LARGEST, 1.0);
  }

  private static float[] certain(int examples, int label) {
    float[] probabilities = new float[2 * examples];
    for (int i = 0; i < examples; i++) {
      probabilities[2 * i + label] = 1;
    }
    return probabilities;
  }

  @Test
  void apply_temperature_isThatOfTheLogits() {
    float[] logits = {2, -1, 0.5f};
    float[] half = {1, -0.5f, 0.25f};
    float[] found = Temperature.apply(Softmax.of(logits), 3, 2);
    assertThat(found).containsExactly(Softmax.of(half), within(1e-6f));
  }

  @Test
  void apply_anyTemperature_keepsThePredictedClass() {
    HeldOutPredictions before = DrawnPredictions.of(500, 5, 1, 4);
    for (double temperature : new double[] {0.2, 0.9, 1.3, 5}) {
      HeldOutPredictions after = before.with(applied(before, temperature));
      for (int i = 0; i < before.size(); i++) {
        assertThat(after.predicted(i)).isEqualTo(before.predicted(i));
      }
    }
  }

  @Test
  void apply_one_givesTheSameBits() {
    float[] probabilities = {0.2f, 0.3f, 0.5f};
    assertThat(Temperature.apply(probabilities, 3, 1)).containsExactly(0.2f, 0.3f, 0.5f);
  }

  private static float[] applied(HeldOutPredictions predictions, double temperature) {
    return Temperature.apply(predictions.probabilities(), predictions.classes(), temperature);
  }

  private static double loss(HeldOutPredictions predictions) {
    return IntStream.range(0, predictions.size())
        .mapToDouble(i -> -Math.log(predictions.probability(i, predictions.labels()[i])))
        .average()
        .orElseThrow();
  }
}

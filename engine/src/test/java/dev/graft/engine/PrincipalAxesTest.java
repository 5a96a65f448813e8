package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Coordinates along principal axes say the same as the features. */
class PrincipalAxesTest {
  @ParameterizedTest
  @CsvSource({"6, 9", "9, 6", "7, 7"})
  void of_features_coordinatesTimesAxesAreTheFeatures(int rows, int columns) {
    try (PointerScope scope = new PointerScope()) {
      Tensor features =
          NativeTensors.of(TestTensors.noise(3, rows, columns).values(), rows, columns);
      try (PrincipalAxes axes = PrincipalAxes.of(features).orElseThrow()) {
        assertThat(difference(axes.back(axes.coordinates()), features)).isCloseTo(0, within(1e-5));
        // Weights in the span of the examples are the same there and back.
        assertThat(difference(axes.back(axes.towards(features)), features))
            .isCloseTo(0, within(1e-5));
        assertThat(difference(axes.coordinates().mul(axes.coordinates()).mean(0), axes.variances()))
            .isCloseTo(0, within(1e-5));
      }
    }
  }

  @Test
  void of_rowsThatRepeat_hasAnAxisForEachThatDoesNot() {
    try (PointerScope scope = new PointerScope()) {
      float[] twice = {1, 2, 3, 1, 2, 3, -4, 0, 5, 1, 2, 3};
      try (PrincipalAxes axes = PrincipalAxes.of(NativeTensors.of(twice, 4, 3)).orElseThrow()) {
        assertThat(axes.variances().numel()).isEqualTo(2);
      }
    }
  }

  @Test
  void of_zeros_hasNone() {
    try (PointerScope scope = new PointerScope()) {
      assertThat(PrincipalAxes.of(NativeTensors.of(new float[12], 4, 3))).isEmpty();
    }
  }

  private static double difference(Tensor one, Tensor other) {
    return one.sub(other).abs().max().item().toDouble();
  }
}

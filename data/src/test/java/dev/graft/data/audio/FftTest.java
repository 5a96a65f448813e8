package dev.graft.data.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FftTest {
  private static final Offset<Double> NEAR = Offset.offset(1e-12);

  private static double[] random(int count, long seed) {
    return new SplittableRandom(seed).doubles(count, -1, 1).toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8, 16, 128})
  void forward_randomValues_isTheSumOfItsDefinition(int size) {
    double[] real = random(size, 1);
    double[] imaginary = random(size, 2);
    double[] x = real.clone();
    double[] y = imaginary.clone();
    Fft.of(size).forward(x, y);
    for (int k = 0; k < size; k++) {
      double re = 0;
      double im = 0;
      for (int n = 0; n < size; n++) {
        double angle = -2 * Math.PI * k * n / size;
        re += real[n] * Math.cos(angle) - imaginary[n] * Math.sin(angle);
        im += real[n] * Math.sin(angle) + imaginary[n] * Math.cos(angle);
      }
      assertThat(x[k]).isCloseTo(re, NEAR);
      assertThat(y[k]).isCloseTo(im, NEAR);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 4_096})
  void inverse_ofForward_givesTheValuesBack(int size) {
    double[] x = random(size, 3);
    double[] y = random(size, 4);
    Fft fft = Fft.of(size);
    fft.forward(x, y);
    fft.inverse(x, y);
    assertThat(x).containsExactly(random(size, 3), NEAR);
    assertThat(y).containsExactly(random(size, 4), NEAR);
  }

  @Test
  void size_noPowerOfTwo_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Fft.of(12)).withMessageContaining("12");
    assertThatIllegalArgumentException().isThrownBy(() -> Fft.of(1));
    assertThat(Fft.atLeast(9).size()).isEqualTo(16);
    assertThat(Fft.atLeast(16).size()).isEqualTo(16);
    assertThat(Fft.atLeast(1).size()).isEqualTo(2);
  }
}

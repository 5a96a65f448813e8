package dev.graft.data.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class RoomResponseTest {
  /**
   * Schroeder, "New Method of Measuring Reverberation Time", 1965: the energy still to come falls
   * in a straight line; from -5 to -25 dB of the reverberation, three times that is the time.
   */
  @ParameterizedTest
  @CsvSource({"0.1, 16000", "0.3, 16000", "0.6, 16000", "1.5, 8000", "0.4, 44100"})
  void make_energyDecay_hasTheReverberationTime(double seconds, int rate) {
    double mean = 0;
    int trials = 12;
    for (int seed = 0; seed < trials; seed++) {
      float[] response = RoomResponse.make(seconds, rate, new SplittableRandom(seed));
      assertThat(response[0]).isEqualTo(1f);
      int from = (int) (0.041 * rate);
      double[] toCome = new double[response.length + 1];
      for (int i = response.length - 1; i >= from; i--) {
        toCome[i] = toCome[i + 1] + response[i] * response[i];
      }
      int low = from;
      while (toCome[low] > toCome[from] * Math.pow(10, -0.5)) {
        low++;
      }
      int high = low;
      while (toCome[high] > toCome[from] * Math.pow(10, -2.5)) {
        high++;
      }
      mean += 3.0 * (high - low) / rate / trials;
    }
    assertThat(mean).isCloseTo(seconds, within(0.12 * seconds));
  }

  @Test
  void make_directOverReverberant_isInItsRange() {
    for (int seed = 0; seed < 50; seed++) {
      float[] response = RoomResponse.make(0.4, 16_000, new SplittableRandom(seed));
      double rest = Tones.power(response, 1, response.length) * (response.length - 1);
      assertThat(-10 * Math.log10(rest)).isBetween(-3.01, 12.01);
    }
  }

  @Test
  void apply_sound_keepsItsEnergyAndBegin() {
    float[] sound = TestSounds.melody(8_000, 16_000, 1);
    float[] response = RoomResponse.make(0.3, 16_000, new SplittableRandom(3));
    float[] heard = RoomResponse.apply(sound, response);
    assertThat(heard).hasSize(sound.length + response.length - 1);
    assertThat(Tones.power(heard, 0, heard.length) * heard.length)
        .isCloseTo(Tones.power(sound, 0, 8_000) * 8_000, within(1e-3));
    // Before the first reflection there is the direct sound alone.
    float scale = heard[20] / sound[20];
    for (int i = 1; i < 30; i++) {
      assertThat(heard[i]).isCloseTo(scale * sound[i], within(1e-4f));
    }
  }

  /** Expected values by the definition, term by term. */
  @ParameterizedTest
  @CsvSource({"1, 1", "100, 7", "7, 100", "1000, 33", "513, 512"})
  void full_anyLengths_isTheSumOfProducts(int count, int taps) {
    float[] a = TestSounds.noise(1, count, 1);
    float[] b = TestSounds.noise(1, taps, 2);
    float[] convolved = Convolution.full(a, b);
    assertThat(convolved).hasSize(count + taps - 1);
    for (int n = 0; n < convolved.length; n++) {
      double sum = 0;
      for (int k = Math.max(0, n - count + 1); k <= Math.min(n, taps - 1); k++) {
        sum += (double) a[n - k] * b[k];
      }
      assertThat(convolved[n]).isCloseTo((float) sum, within(1e-5f));
    }
  }

  /** Slopes from the mean power of octaves: 0, -3 and -6 dB per octave of equal bins. */
  @ParameterizedTest
  @EnumSource
  void make_noise_fallsAsItsColourSays(NoiseColour colour) {
    float[] noise = colour.make(1 << 15, 16_000, new SplittableRandom(5));
    double low = density(noise, 150, 300);
    double high = density(noise, 2_400, 4_800);
    double slope = 10 * Math.log10(high / low) / 4;
    double expected = -3.01 * colour.ordinal();
    assertThat(slope).isCloseTo(expected, within(0.6));
  }

  private static double density(float[] samples, double from, double to) {
    double sum = 0;
    int count = 60;
    for (int i = 0; i < count; i++) {
      double hertz = from + (to - from) * i / count;
      sum += Math.pow(Tones.amplitude(samples, 0, samples.length, hertz, 16_000), 2);
    }
    return sum / count;
  }

  @ParameterizedTest
  @CsvSource({"2", "8", "64"})
  void forward_values_isTheDefinition(int size) {
    SplittableRandom random = new SplittableRandom(size);
    double[] real = random.doubles(size).toArray();
    double[] imaginary = random.doubles(size).toArray();
    double[] re = real.clone();
    double[] im = imaginary.clone();
    Fft fft = Fft.of(size);
    fft.forward(re, im);
    for (int k = 0; k < size; k++) {
      double sumRe = 0;
      double sumIm = 0;
      for (int n = 0; n < size; n++) {
        double angle = -2 * Math.PI * k * n / size;
        sumRe += real[n] * Math.cos(angle) - imaginary[n] * Math.sin(angle);
        sumIm += real[n] * Math.sin(angle) + imaginary[n] * Math.cos(angle);
      }
      assertThat(re[k]).isCloseTo(sumRe, within(1e-10));
      assertThat(im[k]).isCloseTo(sumIm, within(1e-10));
    }
    fft.inverse(re, im);
    for (int n = 0; n < size; n++) {
      assertThat(re[n]).isCloseTo(real[n], within(1e-12));
      assertThat(im[n]).isCloseTo(imaginary[n], within(1e-12));
    }
  }
}

package dev.graft.data.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class SonogramTest {
  private static final Sonogram.Grid GRID = new Sonogram.Grid(0.01, 32, 50, 7_600);

  @Test
  void of_sine_isLoudInItsBandAlone() {
    int band = 24;
    Sonogram seen = Sonogram.of(sine(centre(band), 0.5), GRID);
    assertThat(seen.frames()).isEqualTo((16_000 - 400) / 160 + 1);
    for (int t = 0; t < seen.frames(); t++) {
      // The mean square of a sine of level 0.5 is 0.125, which is -9.03 dB.
      assertThat((double) seen.decibels(t, band)).isCloseTo(-9.03, within(0.5));
      assertThat(seen.decibels(t, 10)).isLessThan(-60);
    }
    assertThat((double) seen.loudest()).isCloseTo(-9.03, within(0.5));
  }

  @Test
  void of_whiteNoise_bandsTogetherHaveItsPower() {
    float[] noise = TestSounds.noise(0.1, 16_000, 3);
    double power = 0;
    for (float sample : noise) {
      power += sample * sample / 16_000.0;
    }
    Sonogram seen =
        Sonogram.of(new Waveform(noise, 16_000), new Sonogram.Grid(0.01, 200, 0, 8_000));
    double sum = 0;
    for (int t = 0; t < seen.frames(); t++) {
      for (int band = 0; band < seen.bands(); band++) {
        sum += Math.pow(10, seen.decibels(t, band) / 10) / seen.frames();
      }
    }
    assertThat(sum / power).isCloseTo(1, within(0.1));
  }

  @Test
  void of_silenceAndFewSamples_isTheFloor() {
    Sonogram seen = Sonogram.of(new Waveform(new float[3], 16_000), GRID);
    assertThat(seen.frames()).isEqualTo(1);
    assertThat(seen.loudest()).isEqualTo(Sonogram.FLOOR_DECIBELS);
    assertThat(Sonogram.of(new Waveform(new float[0], 8_000), GRID).frames()).isEqualTo(1);
  }

  @Test
  void of_bandsAboveTheRecording_areSilent() {
    Sonogram seen =
        Sonogram.of(
            new Waveform(TestSounds.noise(0.3, 4_000, 1), 4_000),
            new Sonogram.Grid(0.02, 16, 50, 7_600));
    assertThat(seen.decibels(0, 15)).isEqualTo(Sonogram.FLOOR_DECIBELS);
    assertThat(seen.decibels(0, 2)).isGreaterThan(-50);
  }

  @Test
  void grid_outOfRange_namesSettingAndRange() {
    assertThatThrownBy(() -> new Sonogram.Grid(0, 32, 50, 7_600))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sonogram, hopSeconds: expected 0.001 to 60.0, found 0.0");
    assertThatThrownBy(() -> new Sonogram.Grid(0.01, 0, 50, 7_600))
        .hasMessageContaining("sonogram, bands: expected 1.0 to 512.0");
  }

  @Test
  void pcmWav_readAgain_hasTheSamples() {
    Waveform clip = new Waveform(new float[] {0, 0.5f, -1, 1.5f, -0.25f}, 8_000);
    byte[] file = PcmWav.encode(clip);
    assertThat(file).hasSize(44 + 10);
    Waveform read = new AudioDecoder().decode(file, "clip.wav", 8_000);
    float[] expected = {0, 0.5f, -1, 32_767f / 32_768, -0.25f};
    assertThat(read.samples()).containsExactly(expected, within(1e-6f));
  }

  private static Waveform sine(double hertz, double level) {
    return new Waveform(TestSounds.sine(hertz, level, 16_000, 16_000), 16_000);
  }

  /** The middle of a band of the grid in hertz; there, bands are wider than a bin's lobe. */
  private static double centre(int band) {
    double from = 1127 * Math.log1p(50 / 700.0);
    double to = 1127 * Math.log1p(7_600 / 700.0);
    return 700 * Math.expm1((from + (band + 0.5) * (to - from) / 32) / 1127);
  }
}

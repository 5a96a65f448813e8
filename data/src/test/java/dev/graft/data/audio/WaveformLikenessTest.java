package dev.graft.data.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class WaveformLikenessTest {
  private static final int RATE = 8_000;
  private static final float[] CLIP = TestSounds.melody(RATE, RATE, 7);

  @Test
  void of_otherLevelSignAndPlace_isOne() {
    float[] moved = new float[CLIP.length];
    for (int n = 300; n < moved.length; n++) {
      moved[n] = -0.2f * CLIP[n - 300];
    }
    assertThat(WaveformLikeness.of(CLIP, moved)).isCloseTo(1, within(1e-3));
    assertThat(WaveformLikeness.of(moved, CLIP)).isCloseTo(1, within(1e-3));
  }

  @Test
  void of_halfASampleLater_isNearlyOne() {
    Waveform whole = new Waveform(TestSounds.melody(2 * RATE, 2 * RATE, 7), 2 * RATE);
    float[] even = new float[RATE];
    float[] odd = new float[RATE];
    for (int n = 0; n < RATE; n++) {
      even[n] = whole.samples()[2 * n];
      odd[n] = whole.samples()[2 * n + 1];
    }
    assertThat(WaveformLikeness.of(even, odd)).isGreaterThan(0.99);
  }

  /** 1 / sqrt(1 + 1 / s) for a ratio s of the powers. */
  @Test
  void of_noiseAdded_isAsTheFormulaSays() {
    for (double ratio : new double[] {100, 10, 3}) {
      float[] noise = TestSounds.noise(1, CLIP.length, 3);
      double scale = Math.sqrt(power(CLIP) / power(noise) / ratio);
      float[] noisy = new float[CLIP.length];
      for (int n = 0; n < noisy.length; n++) {
        noisy[n] = (float) (CLIP[n] + scale * noise[n]);
      }
      assertThat(WaveformLikeness.of(CLIP, noisy))
          .isCloseTo(1 / Math.sqrt(1 + 1 / ratio), within(0.02));
    }
  }

  @Test
  void of_cutAtTheEnds_isOneWhileEnoughIsLeft() {
    float[] middle = Arrays.copyOfRange(CLIP, 500, 7_700);
    assertThat(WaveformLikeness.of(CLIP, middle)).isCloseTo(1, within(1e-3));
    assertThat(WaveformLikeness.of(CLIP, Arrays.copyOfRange(CLIP, 0, 2_000))).isLessThan(0.8);
  }

  @Test
  void of_others_isSmall() {
    assertThat(WaveformLikeness.of(CLIP, TestSounds.melody(RATE, RATE, 8))).isLessThan(0.6);
    assertThat(WaveformLikeness.of(CLIP, TestSounds.noise(0.3, RATE, 1))).isLessThan(0.2);
  }

  @Test
  void ofItself_steadyTone_isNearlyOne() {
    assertThat(WaveformLikeness.ofItself(TestSounds.sine(440, 0.3, RATE, RATE), 160))
        .isCloseTo(1, within(0.01));
    assertThat(WaveformLikeness.ofItself(TestSounds.noise(0.3, RATE, 1), 160)).isLessThan(0.2);
  }

  @Test
  void of_silenceOrNothing_isZero() {
    assertThat(WaveformLikeness.of(CLIP, new float[500])).isZero();
    assertThat(WaveformLikeness.of(new float[0], CLIP)).isZero();
  }

  private static double power(float[] samples) {
    double sum = 0;
    for (float sample : samples) {
      sum += sample * sample;
    }
    return sum / samples.length;
  }
}

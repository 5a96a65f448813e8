package dev.graft.benchmarks.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Resampling, cutting and noise. */
final class SoundTest {
  private static float[] tone(double hertz, int rate, int samples) {
    float[] tone = new float[samples];
    for (int i = 0; i < samples; i++) {
      tone[i] = (float) (0.5 * Math.sin(2 * Math.PI * hertz * i / rate));
    }
    return tone;
  }

  /** The amplitude of a frequency, by the sum over sines and cosines. */
  private static double amplitude(float[] sound, double hertz, int from, int to) {
    double real = 0;
    double imaginary = 0;
    for (int i = from; i < to; i++) {
      double window = 1 - Math.cos(2 * Math.PI * (i - from + 0.5) / (to - from));
      real += window * sound[i] * Math.cos(2 * Math.PI * hertz * i / Waveform.RATE);
      imaginary += window * sound[i] * Math.sin(2 * Math.PI * hertz * i / Waveform.RATE);
    }
    return 2 * Math.hypot(real, imaginary) / (to - from);
  }

  // --- resampling ----------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "22050, 200",
    "22050, 3000",
    "22050, 6400",
    "32000, 6400",
    "16000, 1000",
    "8000, 900"
  })
  void resample_tone_keepsFrequencyAndAmplitude(int rate, double hertz) {
    float[] out = SincResampler.resample(tone(hertz, rate, rate), (double) rate / Waveform.RATE);
    assertThat(out).hasSize(Waveform.RATE);
    assertThat(amplitude(out, hertz, 1_000, 15_000)).isCloseTo(0.5, within(2e-3));
  }

  /** 10 kHz would come back as 6 kHz. */
  @Test
  void resample_toneAboveTheNewNyquistFrequency_isGone() {
    float[] out = SincResampler.resample(tone(10_000, 32_000, 32_000), 2);
    assertThat(amplitude(out, 6_000, 1_000, 15_000)).isLessThan(0.5 * 1e-4);
  }

  @Test
  void resample_fasterByAFactor_raisesTheFrequencyByIt() {
    float[] out = SincResampler.resample(tone(500, Waveform.RATE, 16_000), 1.2);
    assertThat(out).hasSize(13_334);
    assertThat(amplitude(out, 600, 1_000, 12_000)).isCloseTo(0.5, within(2e-3));
  }

  @Test
  void resample_stepOfZero_isRefused() {
    assertThatThrownBy(() -> SincResampler.resample(new float[10], 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found 0.0");
  }

  // --- cutting -------------------------------------------------------------------------------

  private static float[] between(int before, float[] sound, int after) {
    float[] all = new float[before + sound.length + after];
    System.arraycopy(sound, 0, all, before, sound.length);
    return all;
  }

  @Test
  void clip_silenceAround_isCutDownToSixtyMilliseconds() {
    float[] said = between(8_000, tone(300, Waveform.RATE, 4_800), 16_000);
    Waveform clip = SpokenClip.of(new Waveform(said, Waveform.RATE), 1).orElseThrow();
    assertThat(clip.seconds()).isCloseTo(0.3 + 2 * 0.06, within(0.011));
  }

  @Test
  void clip_noiseOfARoomAround_isCutToo() {
    float[] said = between(8_000, tone(300, Waveform.RATE, 4_800), 8_000);
    float[] room = ColouredNoise.make(said.length, 0, new SplittableRandom(1));
    for (int i = 0; i < said.length; i++) {
      // 36 dB below the tone: more than the limit for silence, which is 42 dB.
      said[i] += 0.354f * 0.0158f * room[i];
    }
    Waveform clip = SpokenClip.of(new Waveform(said, Waveform.RATE), 1).orElseThrow();
    assertThat(clip.seconds()).isCloseTo(0.3 + 2 * 0.06, within(0.021));
  }

  @Test
  void clip_speechFromTheFirstSample_staysWhole() {
    float[] said = tone(300, Waveform.RATE, 8_000);
    Waveform clip = SpokenClip.of(new Waveform(said, Waveform.RATE), 1).orElseThrow();
    assertThat(clip.samples()).hasSize(8_000);
  }

  @Test
  void clip_shorterTract_isPlayedFaster() {
    float[] said = tone(300, 22_050, 22_050);
    Waveform clip = SpokenClip.of(new Waveform(said, 22_050), 1.25).orElseThrow();
    assertThat(clip.rate()).isEqualTo(16_000);
    assertThat(clip.seconds()).isCloseTo(1 / 1.25, within(0.001));
    assertThat(amplitude(clip.samples(), 375, 1_000, 11_000)).isCloseTo(0.5, within(2e-3));
  }

  @Test
  void clip_fullScale_isNotClipped() {
    float[] said = tone(300, 22_050, 22_050);
    for (int i = 0; i < said.length; i++) {
      said[i] = Math.signum(said[i]);
    }
    Waveform clip = SpokenClip.of(new Waveform(said, 22_050), 1).orElseThrow();
    assertThat(clip.peak()).isCloseTo(0.98f, within(1e-4f));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 900})
  void clip_nothingSaid_isEmpty(int loudSamples) {
    float[] said = between(8_000, tone(300, Waveform.RATE, loudSamples), 8_000);
    assertThat(SpokenClip.of(new Waveform(said, Waveform.RATE), 1)).isEmpty();
  }

  // --- noise ---------------------------------------------------------------------------------

  /** Between 500 and 4000 Hz, three octaves, power falls by 3 dB an octave and exponent. */
  @ParameterizedTest
  @ValueSource(doubles = {-0.5, 0, 1, 1.7})
  void noise_ofAnExponent_fallsByItsSlope(double exponent) {
    float[] noise = ColouredNoise.make(160_000, exponent, new SplittableRandom(4));
    double low = 0;
    double high = 0;
    for (int from = 0; from + 4_000 <= noise.length; from += 4_000) {
      for (int i = 0; i < 20; i++) {
        low += Math.pow(amplitude(noise, 450 + 5 * i, from, from + 4_000), 2);
        high += Math.pow(amplitude(noise, 3_950 + 5 * i, from, from + 4_000), 2);
      }
    }
    // Near half the sampling rate the filter's |2 sin(w/2)| is below w: 0.3 dB an exponent here.
    double octaves =
        Math.log(Math.sin(Math.PI / 4) / Math.sin(Math.PI * 497.5 / 16_000)) / Math.log(2);
    assertThat(10 * Math.log10(low / high))
        .isCloseTo(exponent * octaves * 10 * Math.log10(2), within(1.0));
  }

  @Test
  void noise_sameSeed_isTheSameAndOfPowerOne() {
    float[] noise = ColouredNoise.make(16_000, 1, new SplittableRandom(9));
    assertThat(SpokenClip.rms(noise, 0, noise.length)).isCloseTo(1, within(1e-4));
    assertThat(noise).containsExactly(ColouredNoise.make(16_000, 1, new SplittableRandom(9)));
  }

  @Test
  void noise_exponentOfTwo_isRefused() {
    assertThatThrownBy(() -> ColouredNoise.make(100, 2, new SplittableRandom(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from -1 to 1.8, found 2.0");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void disturbance_always_isShortAndWithinScale(long seed) {
    Disturbance.Sound sound = Disturbance.random(new SplittableRandom(seed));
    assertThat(sound.label()).isIn("knock", "scrape", "beep");
    assertThat(sound.waveform().seconds()).isBetween(0.01, 1.3);
    assertThat(sound.waveform().peak()).isBetween(0.3f, 1.0001f);
  }
}

package dev.graft.data.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.data.audio.AudioFindings.Oddity;
import org.junit.jupiter.api.Test;

final class AudioFindingsTest {
  private static AudioFindings of(float[] samples) {
    return AudioFindings.of(new Waveform(samples, 16_000));
  }

  @Test
  void of_usualSound_findsNothing() {
    AudioFindings found = of(TestSounds.noise(0.5, 16_000, 1));
    assertThat(found.oddities()).isEmpty();
    assertThat(found.sentences()).isEmpty();
    assertThat(found.peak()).isCloseTo(0.5, within(0.001));
    // Evenly distributed: the level divided by the root of 3.
    assertThat(found.rms()).isCloseTo(0.5 / Math.sqrt(3), within(0.005));
    assertThat(found.bandwidthHertz()).isGreaterThan(7_900);
  }

  @Test
  void of_silence_isSilent() {
    assertThat(of(new float[16_000]).oddities()).containsExactly(Oddity.SILENT);
    AudioFindings hum = of(TestSounds.sine(50, 0.0009, 16_000, 16_000));
    assertThat(hum.oddities()).containsExactly(Oddity.SILENT);
    assertThat(hum.sentences()).containsExactly("It is silent: its peak is -61 dB.");
    float[] tick = new float[160_000];
    tick[80_000] = 0.02f;
    assertThat(of(tick).oddities()).containsExactly(Oddity.SILENT);
  }

  @Test
  void of_cutOffPeaks_isClipped() {
    float[] sound = TestSounds.noise(1.5, 16_000, 2);
    for (int i = 0; i < sound.length; i++) {
      sound[i] = Math.max(-1, Math.min(1, sound[i]));
    }
    AudioFindings found = of(sound);
    assertThat(found.oddities()).containsExactly(Oddity.CLIPPED);
    assertThat(found.clippedShare()).isCloseTo(1 / 3.0, within(0.02));
    assertThat(found.sentences().get(0)).startsWith("It is clipped: 33.");
  }

  @Test
  void of_onePeakAtFullScale_isNotClipped() {
    float[] sound = TestSounds.noise(0.5, 16_000, 2);
    sound[7_000] = 1;
    assertThat(of(sound).oddities()).isEmpty();
  }

  @Test
  void of_integersStoredAsFloats_isUnscaled() {
    AudioFindings found = of(TestSounds.noise(20_000, 16_000, 2));
    assertThat(found.oddities()).containsExactly(Oddity.UNSCALED);
    assertThat(found.sentences().get(0)).contains("reach 20000, far beyond full scale");
  }

  @Test
  void of_soundOfALowerRate_hasANarrowBand() {
    float[] telephone = TestSounds.noise(0.3, 8_000, 3);
    float[] raised = Resampler.resample(telephone, 8_000, 16_000);
    for (int i = 0; i < raised.length; i++) {
      // As it comes back from a file of 16 bits.
      raised[i] = Math.round(raised[i] * 32_768) / 32_768f;
    }
    AudioFindings found = of(raised);
    assertThat(found.oddities()).containsExactly(Oddity.NARROW_BAND);
    assertThat(found.bandwidthHertz()).isCloseTo(4_000, within(150.0));
    assertThat(found.sentences().get(0)).startsWith("It holds nothing above 4");
  }

  @Test
  void of_soundThatFallsOff_keepsItsBand() {
    float[] brown = NoiseColour.BROWN.make(16_000, 16_000, new java.util.SplittableRandom(1));
    float peak = 0;
    for (float value : brown) {
      peak = Math.max(peak, Math.abs(value));
    }
    for (int i = 0; i < brown.length; i++) {
      brown[i] /= 2 * peak;
    }
    assertThat(of(brown).oddities()).isEmpty();
  }

  @Test
  void of_shortClip_isTooShort() {
    assertThat(of(TestSounds.noise(0.5, 1_500, 1)).oddities()).containsExactly(Oddity.TOO_SHORT);
    assertThat(of(new float[0]).oddities()).containsExactly(Oddity.TOO_SHORT, Oddity.SILENT);
  }
}

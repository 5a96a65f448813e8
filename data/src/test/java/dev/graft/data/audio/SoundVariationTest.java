package dev.graft.data.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SoundVariationTest {
  private static final int RATE = 16_000;

  /** A tone of 500 Hz lasts 1 / factor as long and is as many times higher, at the same level. */
  @ParameterizedTest
  @CsvSource({"0.25, 32004", "0.8, 10002", "1, 8001", "1.0004, 8001", "1.25, 6401", "4, 2001"})
  void faster_tone_isShorterAndHigher(double factor, int expectedLength) {
    float[] tone = TestSounds.sine(500, 0.5, 8_001, RATE);
    float[] played = SoundVariation.faster(tone, factor);
    assertThat(played).hasSize(expectedLength);
    // Inside, where no filter looks beyond the ends.
    int edge = played.length / 8;
    double steps = Math.round(factor * 1_000) / 1_000.0;
    assertThat(Tones.amplitude(played, edge, played.length - edge, 500 * steps, RATE))
        .isCloseTo(0.5, within(0.01));
    assertThat(Tones.power(played, edge, played.length - edge)).isCloseTo(0.125, within(0.005));
  }

  @Test
  void faster_sound_isNotChangedItself() {
    float[] sound = TestSounds.melody(1_000, RATE, 1);
    float[] before = sound.clone();
    SoundVariation.faster(sound, 1.1);
    SoundVariation.inRoom(sound, 0.1, RATE, new SplittableRandom(1));
    assertThat(sound).containsExactly(before);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.2499, 4.0001, 0, -1, Double.NaN})
  void faster_factorOutOfRange_isRefused(double factor) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SoundVariation.faster(new float[100], factor))
        .withMessage("factor: expected 0.25 to 4, found " + factor);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.3, 2})
  void inRoom_sound_keepsItsEnergyAndGoesOn(double seconds) {
    float[] sound = TestSounds.melody(4_000, RATE, 2);
    float[] heard = SoundVariation.inRoom(sound, seconds, RATE, new SplittableRandom(3));
    assertThat(heard.length).isGreaterThan(sound.length);
    assertThat(Tones.power(heard, 0, heard.length) * heard.length)
        .isCloseTo(Tones.power(sound, 0, 4_000) * 4_000, within(1e-3));
    // After that time 60 dB less than at the end; reflections are louder than the mean.
    int end = (int) (seconds * RATE);
    assertThat(Tones.power(heard, sound.length, sound.length + end / 4)).isPositive();
    assertThat(Tones.power(heard, sound.length + end, heard.length))
        .isLessThan(1e-3 * Tones.power(heard, sound.length, sound.length + end / 4));
  }

  @Test
  void inRoom_sameRandom_isTheSameRoom() {
    float[] sound = TestSounds.melody(2_000, RATE, 2);
    float[] first = SoundVariation.inRoom(sound, 0.2, RATE, new SplittableRandom(3));
    assertThat(SoundVariation.inRoom(sound, 0.2, RATE, new SplittableRandom(3)))
        .containsExactly(first);
    assertThat(SoundVariation.inRoom(sound, 0.2, RATE, new SplittableRandom(4)))
        .isNotEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource({"0.019, 0.019", "5.01, 5.01", "NaN, NaN"})
  void inRoom_reverbOutOfRange_isRefused(double seconds, String found) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> SoundVariation.inRoom(new float[10], seconds, RATE, new SplittableRandom(1)))
        .withMessageContaining("reverb: expected 0.02 to 5, found " + found);
  }
}

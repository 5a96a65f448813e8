package dev.graft.data.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AudioAugmentationTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "none",
        "noise=5..20@0.5",
        "noise=5..20@0.5,background=0..15@0.75,room=0.5,reverb=0.2..1,gain=6,shift=0.1,pitch=2,speed=0.1,mask=0.15"
      })
  void toString_afterParse_isTheSameText(String text) {
    assertThat(AudioAugmentation.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "standard",
        "light",
        "noise",
        "noise=10",
        "noise = 3..4 @ 1, Gain",
        "background,room,reverb",
        "pitch,speed,mask,shift"
      })
  void parse_afterToString_isEqual(String text) {
    AudioAugmentation augmentation = AudioAugmentation.parse(text);
    assertThat(AudioAugmentation.parse(augmentation.toString())).isEqualTo(augmentation);
    assertThat(augmentation.isNone()).isFalse();
  }

  @Test
  void parse_levels_areRangeAndProbability() {
    assertThat(AudioAugmentation.parse("noise=-5..20@0.25").noise())
        .isEqualTo(new NoiseLevel(0.25, -5, 20));
    assertThat(AudioAugmentation.parse("noise=12").noise()).isEqualTo(new NoiseLevel(0.5, 12, 12));
    assertThat(AudioAugmentation.parse("background").background())
        .isEqualTo(new NoiseLevel(0.5, 0, 15));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hiss | unknown word \"hiss\"",
        "noise=loud | expected a number after noise=, found \"loud\"",
        "noise=5..20@2 | probability of noise: expected 0 to 1, found 2",
        "noise=20..5 | noise, upper end: expected 20 to 100, found 5",
        "pitch=13 | augmentation, pitch: expected 0 to 12, found 13",
        "speed=0.6 | augmentation, speed: expected 0 to 0.5, found 0.6",
        "mask=NaN | augmentation, mask: expected 0 to 0.5, found NaN",
        "reverb=0.5..0.1 | reverb, upper end: expected 0.5 to 5, found 0.1",
        "noise=5.. | expected a number after noise=, found \"\"",
      })
  void parse_badText_saysWhatIsExpected(String text, String message) {
    assertThatThrownBy(() -> AudioAugmentation.parse(text))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("\"" + text + "\"")
        .hasMessageContaining(message);
  }
}

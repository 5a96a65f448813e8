package dev.graft.data.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values are the sines themselves, sampled at the other rate. */
final class ResamplerTest {
  /** The filter has no whole signal before and behind the ends. */
  private static final int EDGE = 400;

  @ParameterizedTest
  @CsvSource({
    "44100, 16000, 1000",
    "44100, 16000, 7100",
    "48000, 16000, 440",
    "48000, 16000, 7100",
    "8000, 16000, 3500",
    "11025, 16000, 4900",
    "22050, 16000, 100",
    "16000, 44100, 7000",
    "192000, 16000, 7100",
    "16037, 16000, 3000",
  })
  void resample_sineInThePassBand_isTheSameSine(int from, int to, double hertz) {
    float[] sound = TestSounds.sine(hertz, 0.5, from, from);
    float[] resampled = Resampler.resample(sound, from, to);
    assertThat(resampled).hasSize(to);
    float[] expected = TestSounds.sine(hertz, 0.5, to, to);
    double error = 0;
    for (int i = EDGE; i < to - EDGE; i++) {
      error = Math.max(error, Math.abs(resampled[i] - expected[i]));
    }
    // 0.1 dB of 0.5.
    assertThat(error).isLessThan(0.5 * 0.0115);
  }

  @ParameterizedTest
  @CsvSource({
    "44100, 16000, 8100",
    "44100, 16000, 9000",
    "44100, 16000, 15000",
    "48000, 16000, 8050",
    "48000, 16000, 12000",
    "48000, 16000, 23000",
    "192000, 16000, 9000",
    "16000, 8000, 4100",
    "16037, 16000, 8010",
  })
  void resample_sineBeyondTheBand_leavesNoAliasAboveMinus60Decibels(
      int from, int to, double hertz) {
    float[] resampled = Resampler.resample(TestSounds.sine(hertz, 1, from, from), from, to);
    double power = Tones.power(resampled, EDGE, to - EDGE);
    // A sine of level 1 has a power of 1/2.
    assertThat(10 * Math.log10(power / 0.5 + 1e-30)).isLessThan(-60);
  }

  @ParameterizedTest
  @CsvSource({"8000, 16000, 3000", "11025, 16000, 4000", "16000, 48000, 6000"})
  void resample_upwards_leavesNoImage(int from, int to, double hertz) {
    float[] resampled = Resampler.resample(TestSounds.sine(hertz, 0.5, from, from), from, to);
    double image = Tones.amplitude(resampled, EDGE, to - EDGE, from - hertz, to);
    assertThat(20 * Math.log10(image / 0.5 + 1e-30)).isLessThan(-70);
  }

  @ParameterizedTest
  @CsvSource({"1, 44100, 16000", "2, 8000, 16000", "999, 44100, 16000", "100001, 48000, 44100"})
  void resample_anyLength_isRoundedUp(int count, int from, int to) {
    float[] resampled = Resampler.resample(TestSounds.noise(0.5, count, 1), from, to);
    assertThat(resampled).hasSize((int) (((long) count * to + from - 1) / from));
  }

  @ParameterizedTest
  @CsvSource({"1", "100", "8191", "8192", "8193"})
  void add_inPieces_isTheSame(int piece) {
    float[] sound = TestSounds.noise(0.5, 30_000, 4);
    float[] whole = Resampler.resample(sound, 44_100, 16_000);
    FloatQueue queue = new FloatQueue();
    try (Resampler resampler = new Resampler(44_100, 16_000)) {
      for (int at = 0; at < sound.length; at += piece) {
        resampler.add(sound, at, Math.min(piece, sound.length - at), queue);
      }
      resampler.finish(queue);
    }
    float[] pieces = queue.toArray();
    assertThat(pieces).hasSameSizeAs(whole);
    for (int i = 0; i < whole.length; i++) {
      assertThat(pieces[i]).isCloseTo(whole[i], within(1e-6f));
    }
  }

  @ParameterizedTest
  @CsvSource({"900, 700", "1100, 2000", "1037, 4000"})
  void resampleQuickly_sine_keepsItsLevel(int from, double hertz) {
    float[] sound = TestSounds.sine(hertz, 0.5, 16_000, 16_000);
    float[] faster = Resampler.resampleQuickly(sound, from, 1_000);
    double expected = hertz * from / 1_000;
    float[] middle = Arrays.copyOfRange(faster, EDGE, faster.length - EDGE);
    assertThat(Tones.amplitude(middle, 0, middle.length, expected, 16_000))
        .isCloseTo(0.5, within(0.006));
  }
}

package dev.graft.data.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.data.audio.SoundEraser.Area;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SoundEraserTest {
  private static final int RATE = 16_000;
  private static final Area ALL = new Area(-1, 2, 0, RATE);

  /** A second of two tones, 500 and 3,000 Hz, of amplitude 0.25 each. */
  private static Waveform tones() {
    float[] samples = new float[RATE];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (0.25 * (tone(500, i) + tone(3_000, i)));
    }
    return new Waveform(samples, RATE);
  }

  private static double tone(double hertz, int sample) {
    return Math.sin(2 * Math.PI * hertz * sample / RATE);
  }

  /** The amplitude of a tone in a stretch of whole periods. */
  private static double amplitude(Waveform sound, double hertz, int from, int to) {
    double sum = 0;
    double quarter = 0;
    for (int i = from; i < to; i++) {
      sum += sound.samples()[i] * tone(hertz, i);
      quarter += sound.samples()[i] * Math.cos(2 * Math.PI * hertz * i / RATE);
    }
    return 2 * Math.hypot(sum, quarter) / (to - from);
  }

  @Test
  void without_nothing_isTheRecordingToTheBit() {
    Waveform tones = tones();
    assertThat(SoundEraser.of(tones).without(List.of()).samples()).isEqualTo(tones.samples());
    Area beyond = new Area(5, 6, 0, RATE);
    assertThat(SoundEraser.of(tones).without(List.of(beyond)).samples()).isEqualTo(tones.samples());
  }

  @Test
  void without_everything_isSilence() {
    for (float sample : SoundEraser.of(tones()).without(List.of(ALL)).samples()) {
      assertThat(sample).isCloseTo(0, within(1e-6f));
    }
  }

  @Test
  void without_areaOfTimeAndPitch_leavesTheOtherToneAndTheOtherTimes() {
    Waveform left = SoundEraser.of(tones()).without(List.of(new Area(0.25, 0.75, 200, 1_000)));
    assertThat(amplitude(left, 500, 5_600, 10_400)).isLessThan(0.002);
    assertThat(amplitude(left, 3_000, 5_600, 10_400)).isCloseTo(0.25, within(0.002));
    assertThat(amplitude(left, 500, 0, 3_200)).isCloseTo(0.25, within(0.002));
    assertThat(amplitude(left, 500, 12_800, 16_000)).isCloseTo(0.25, within(0.002));
  }

  @Test
  void without_overlappingAreas_takesThemOnce() {
    SoundEraser eraser = SoundEraser.of(tones());
    float[] once = eraser.without(List.of(new Area(0.2, 0.6, 0, RATE))).samples();
    float[] twice =
        eraser.without(List.of(new Area(0.2, 0.5, 0, RATE), new Area(0.4, 0.6, 0, RATE))).samples();
    assertThat(twice).isEqualTo(once);
  }

  @Test
  void without_shorterThanAFrame_works() {
    Waveform click = new Waveform(new float[] {0, 1, 0}, RATE);
    assertThat(SoundEraser.of(click).without(List.of(ALL)).samples())
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(0, 0, 0);
  }
}

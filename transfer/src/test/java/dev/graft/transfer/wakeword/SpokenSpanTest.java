package dev.graft.transfer.wakeword;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SpokenSpanTest {
  private static final int RATE = 8_000;

  /** The margin of 0.03 s and a frame of 0.01 s. */
  private static final int NEAR = (int) (0.04 * RATE);

  /** Noise 60 dB below full scale. */
  private static float[] room(double seconds) {
    SplittableRandom random = new SplittableRandom(1);
    float[] samples = new float[(int) (seconds * RATE)];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (0.001 * (2 * random.nextDouble() - 1));
    }
    return samples;
  }

  private static void say(float[] samples, double from, double to, double level) {
    for (int i = (int) (from * RATE); i < (int) (to * RATE); i++) {
      samples[i] += (float) (level * Math.sin(2 * Math.PI * 300 * i / RATE));
    }
  }

  private static void assertSpan(float[] samples, double from, double to) {
    SpokenSpan span = SpokenSpan.of(samples, RATE);
    assertThat(span.start()).isCloseTo((int) (from * RATE), within(NEAR));
    assertThat(span.end()).isCloseTo((int) (to * RATE), within(NEAR));
    assertThat(span.start()).isLessThanOrEqualTo((int) (from * RATE));
    assertThat(span.end()).isGreaterThanOrEqualTo((int) (to * RATE));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.9, 0.1, 0.01})
  void of_wordInARoom_isTheWord(double level) {
    float[] samples = room(2);
    say(samples, 0.7, 1.3, level);
    assertSpan(samples, 0.7, 1.3);
  }

  @Test
  void of_pausesOfAWord_belongToIt() {
    float[] samples = room(2);
    say(samples, 0.5, 0.7, 0.3);
    say(samples, 0.9, 1, 0.1);
    say(samples, 1.2, 1.4, 0.3);
    assertSpan(samples, 0.5, 1.4);
  }

  /** What lies apart by 0.3 s is another word; the loudest moment tells which is meant. */
  @Test
  void of_twoWords_isTheLouder() {
    float[] samples = room(3);
    say(samples, 0.5, 1, 0.1);
    say(samples, 1.3, 1.6, 0.3);
    say(samples, 1.9, 2.5, 0.1);
    assertSpan(samples, 1.3, 1.6);
  }

  @ParameterizedTest
  @CsvSource({"0, 0.4", "1.6, 2", "0, 2"})
  void of_wordAtTheEdge_staysInside(double from, double to) {
    float[] samples = room(2);
    say(samples, from, to, 0.3);
    SpokenSpan span = SpokenSpan.of(samples, RATE);
    assertThat(span.start()).isBetween(0, (int) (from * RATE));
    assertThat(span.end()).isBetween((int) (to * RATE), 2 * RATE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 79, 80, 81, 1_000})
  void of_silenceOrEvenSound_isAll(int count) {
    assertThat(SpokenSpan.of(new float[count], RATE)).isEqualTo(new SpokenSpan(0, count));
    float[] even = new float[count];
    java.util.Arrays.fill(even, 0.5f);
    assertThat(SpokenSpan.of(even, RATE)).isEqualTo(new SpokenSpan(0, count));
  }

  @Test
  void of_samples_areACopyOfThoseBetween() {
    float[] samples = {0, 1, 2, 3, 4};
    SpokenSpan span = new SpokenSpan(1, 4);
    assertThat(span.length()).isEqualTo(3);
    float[] between = span.of(samples);
    assertThat(between).containsExactly(1, 2, 3);
    between[0] = 9;
    assertThat(samples[1]).isEqualTo(1);
  }
}

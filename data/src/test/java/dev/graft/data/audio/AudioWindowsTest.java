package dev.graft.data.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AudioWindowsTest {
  private static final AudioWindows WINDOWS = new AudioWindows(20);

  private static float[] counting(int count) {
    float[] samples = new float[count];
    for (int i = 0; i < count; i++) {
      samples[i] = i + 1;
    }
    return samples;
  }

  @ParameterizedTest
  @CsvSource({"0, 10", "1, 9", "2, 9", "7, 6", "8, 6", "19, 0", "20, 0"})
  void write_shorterClip_isCentredBetweenZeros(int count, int zerosBefore) {
    float[] out = new float[24];
    Arrays.fill(out, -1);
    assertThat(WINDOWS.count(count)).isOne();
    WINDOWS.write(counting(count), 0, out, 2);
    float[] expected = new float[24];
    Arrays.fill(expected, 0, 2, -1);
    Arrays.fill(expected, 22, 24, -1);
    System.arraycopy(counting(count), 0, expected, 2 + zerosBefore, count);
    assertThat(out).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "20, '0'",
    "21, '0 1'",
    "30, '0 10'",
    "31, '0 5 11'",
    "40, '0 10 20'",
    "45, '0 8 16 25'"
  })
  void start_longerClip_isSpreadByAtMostHalfAndEndsFlush(int count, String starts) {
    int[] expected = Arrays.stream(starts.split(" ")).mapToInt(Integer::parseInt).toArray();
    assertThat(IntStream.range(0, WINDOWS.count(count)).map(i -> WINDOWS.start(count, i)).toArray())
        .isEqualTo(expected);
  }

  @Test
  void start_veryLongClip_spreadsTheMostWindowsFromEndToEnd() {
    int samples = 2_000_000_000;
    assertThat(WINDOWS.count(samples)).isEqualTo(AudioWindows.MOST);
    assertThat(WINDOWS.start(samples, 0)).isZero();
    assertThat(WINDOWS.start(samples, 31)).isEqualTo(samples - 20);
    int step = WINDOWS.start(samples, 16) - WINDOWS.start(samples, 15);
    assertThat(step).isBetween(samples / 32, samples / 31);
  }

  @Test
  void all_longerClip_holdsEachWindow() {
    float[] all = WINDOWS.all(counting(33));
    assertThat(all).hasSize(60);
    assertThat(all[0]).isEqualTo(1);
    assertThat(all[20]).isEqualTo(7);
    assertThat(all[40]).isEqualTo(14);
    assertThat(all[59]).isEqualTo(33);
  }

  @Test
  void write_indexBeyondTheLast_isRefused() {
    assertThatThrownBy(() -> WINDOWS.write(counting(33), 3, new float[20], 0))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("window: expected 0 to 2, found 3");
  }

  @Test
  void new_tooShortWindow_isRefused() {
    assertThatThrownBy(() -> new AudioWindows(15))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("window: expected 16 to 64000000 samples, found 15");
  }
}

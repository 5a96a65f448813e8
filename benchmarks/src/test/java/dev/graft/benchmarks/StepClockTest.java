package dev.graft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class StepClockTest {
  private int passes;
  private long now;

  /**
   * The rate of passes of 16 units that take so long by a clock which stands still between them.
   */
  private double measure(double seconds, double secondsOfAPass) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    new StepClock(out, seconds, () -> now)
        .measure(
            StepRun.STEP,
            16,
            () -> {
              passes++;
              now += Math.round(secondsOfAPass * 1e9);
            });
    String output = bytes.toString(StandardCharsets.UTF_8);
    StepRun run = StepRun.of(new MeasuredProcess(1, OptionalLong.empty(), output));
    return run.rates().getOrDefault(StepRun.STEP, Double.NaN);
  }

  @Test
  void measure_passesOfKnownLength_warmsUpForHalfTheTimeAndGivesUnitsASecond() {
    assertThat(measure(2, 0.25)).isEqualTo(64);
    // One and then four to warm up, eight that count.
    assertThat(passes).isEqualTo(13);
  }

  @Test
  void measure_passLongerThanTheMeasurement_runsOnceToWarmUpAndOnce() {
    assertThat(measure(2, 4)).isEqualTo(4);
    assertThat(passes).isEqualTo(2);
  }
}

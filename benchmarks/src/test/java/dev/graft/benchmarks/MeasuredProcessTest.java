package dev.graft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
final class MeasuredProcessTest {
  @TempDir private Path work = Path.of("");

  @Test
  void run_memoryTakenAndFreed_peakIsThatOfTheMost() {
    // The shell holds a text of 64 MB for a moment.
    String script = "x=$(head -c 64000000 /dev/zero | tr '\\0' x); sleep 0.3; unset x; sleep 0.3";
    MeasuredProcess measured =
        MeasuredProcess.run(List.of("sh", "-c", script), work.resolve("log.txt"));
    assertThat(measured.peakBytes().orElseThrow()).isGreaterThan(64_000_000);
    assertThat(measured.seconds()).isBetween(0.6, 60.0);
  }

  @Test
  void run_commandFails_messageHasItsCodeAndOutput() {
    List<String> command = List.of("sh", "-c", "echo no such thing >&2; exit 3");
    assertThatThrownBy(() -> MeasuredProcess.run(command, work.resolve("log.txt")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ended with code 3")
        .hasMessageContaining("no such thing");
  }
}

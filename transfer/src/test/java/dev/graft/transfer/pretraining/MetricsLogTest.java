package dev.graft.transfer.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.transfer.TransferException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MetricsLogTest {
  private Path folder;
  private Path file;

  @BeforeEach
  void choose(@TempDir Path empty) {
    folder = empty;
    file = empty.resolve("metrics.jsonl");
  }

  private static Map<String, Object> line(long step) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("step", step);
    values.put("loss", 1.0 / (step + 1));
    return values;
  }

  private static void append(MetricsLog log, long from, long to) {
    for (long step = from; step <= to; step++) {
      log.append(line(step));
    }
  }

  @Test
  void append_values_areOnDiskInTheirOrderBeforeItReturns() throws IOException {
    try (MetricsLog log = MetricsLog.started(file)) {
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("step", 3);
      values.put("part", "v\u00e4l\n");
      values.put("loss", 0.5);
      values.put("rates", List.of(1, 2));
      log.append(values);
      assertThat(file)
          .content(StandardCharsets.UTF_8)
          .isEqualTo("{\"step\":3,\"part\":\"v\u00e4l\\n\",\"loss\":0.5,\"rates\":[1,2]}\n");
    }
  }

  @Test
  void append_numbersThatAreNone_becomeNull() {
    try (MetricsLog log = MetricsLog.started(file)) {
      log.append(Map.of("loss", Double.NaN));
      log.append(Map.of("loss", Float.NEGATIVE_INFINITY));
    }
    assertThat(file).hasContent("{\"loss\":null}\n{\"loss\":null}\n");
  }

  @Test
  void started_overAnOlderLog_replacesIt() throws IOException {
    Files.writeString(file, "{\"step\":9}\n");
    try (MetricsLog log = MetricsLog.started(file)) {
      append(log, 1, 1);
    }
    assertThat(file).hasContent("{\"step\":1,\"loss\":0.5}\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"step\":8,\"lo", "\u0000\u0000\u0000", "[1]\n", "7\n", "{}}\n"})
  void resumedAt_afterAKill_givesTheLinesOfAnUninterruptedRun(String torn) throws IOException {
    Path whole = folder.resolve("whole.jsonl");
    try (MetricsLog log = MetricsLog.started(whole)) {
      append(log, 0, 12);
    }
    try (MetricsLog log = MetricsLog.started(file)) {
      append(log, 0, 7);
    }
    Files.writeString(file, Files.readString(file) + torn);
    try (MetricsLog log = MetricsLog.resumedAt(file, 5, 9)) {
      append(log, 6, 12);
    }
    assertThat(file).hasSameBinaryContentAs(whole);
    assertOnlyTheseFiles(file, whole);
  }

  private void assertOnlyTheseFiles(Path... files) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      assertThat(entries).containsExactlyInAnyOrder(files);
    }
  }

  @Test
  void resumedAt_lineCutJustBeforeItsEnd_isKeptAndEnded() throws IOException {
    Files.writeString(file, "{\"step\":1}\n{\"step\":2}");
    try (MetricsLog log = MetricsLog.resumedAt(file, 2, 9)) {
      log.append(Map.of("step", 3));
    }
    assertThat(file).hasContent("{\"step\":1}\n{\"step\":2}\n{\"step\":3}\n");
  }

  @Test
  void resumedAt_linesWithoutAStep_shareTheFateOfTheOneBefore() throws IOException {
    Files.writeString(
        file, "{\"version\":1}\n{\"step\":4}\n{\"epoch\":1}\n{\"step\":5}\n{\"epoch\":2}\n");
    MetricsLog.resumedAt(file, 4, 9).close();
    assertThat(file).hasContent("{\"version\":1}\n{\"step\":4}\n{\"epoch\":1}\n");
  }

  /** The checkpoint of an epoch's last step is older than the line that tells how it ended. */
  @Test
  void resumedAt_lastStepOfAnEpochThatWasNotDone_dropsTheEpochsLine() throws IOException {
    String first = "{\"step\":3,\"epoch\":1}\n{\"step\":6,\"loss\":0.5}\n";
    Files.writeString(file, first + "{\"step\":6,\"epoch\":2}\n");
    MetricsLog.resumedAt(file, 6, 1).close();
    assertThat(file).hasContent(first);
  }

  @Test
  void resumedAt_damagedLineAmongOthers_dropsItAlone() throws IOException {
    String endless = "[".repeat(3 << 20);
    Files.writeString(
        file, "{\"step\":1}\n{\"st?p\":\n" + endless + "\n\n{\"step\":\"x\"}\n{\"step\":2}\n");
    MetricsLog.resumedAt(file, 2, 9).close();
    assertThat(file).hasContent("{\"step\":1}\n{\"step\":\"x\"}\n{\"step\":2}\n");
  }

  @Test
  void resumedAt_noLog_beginsOne() {
    try (MetricsLog log = MetricsLog.resumedAt(file, 4, 9)) {
      append(log, 1, 1);
    }
    assertThat(file).hasContent("{\"step\":1,\"loss\":0.5}\n");
  }

  @Test
  void started_folderThatIsAbsent_saysWhatToDo() {
    Path nowhere = folder.resolve("nowhere").resolve("metrics.jsonl");
    assertThatThrownBy(() -> MetricsLog.started(nowhere))
        .isInstanceOfSatisfying(
            TransferException.class,
            failure -> assertThat(failure.reason()).isEqualTo(TransferException.Cause.ENVIRONMENT))
        .hasMessageStartingWith("Writing the figures of the steps to " + nowhere + " failed: ")
        .hasMessageContaining("--resume continues from the last checkpoint");
  }
}

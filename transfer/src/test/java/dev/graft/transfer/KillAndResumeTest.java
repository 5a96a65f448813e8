package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.runtime.Bundle;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Twenty kills of a fine-tuning run: in its start, in training, and while the bundle is saved. */
@Tag("slow")
final class KillAndResumeTest {
  private static final long SEED = 20;
  private static final int KILLS_IN_START = 2;
  private static final int KILLS_IN_TRAINING = 14;
  private static final int KILLS_IN_SAVING = 4;
  private static final long REST_MILLISECONDS = 40;

  private final Path folder;
  private final SplittableRandom random = new SplittableRandom(SEED);

  KillAndResumeTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void killedTwentyTimes_resumed_sameAsUninterrupted() throws Exception {
    ToyTask.backboneFile(folder);
    ToyTask.data(folder, 12, 6);
    Path uninterrupted = folder.resolve("uninterrupted");
    finish(uninterrupted);
    Path killed = folder.resolve("killed");

    for (int i = 0; i < KILLS_IN_START; i++) {
      kill(killed, "", 1_500);
      assertThat(killed).doesNotExist();
    }
    for (int i = 0; i < KILLS_IN_TRAINING; i++) {
      kill(killed, FineTuningProcess.STEPPING, 400);
      assertThat(killed).as("seed %d, kill %d", SEED, i).doesNotExist();
    }
    assertThat(checkpointCount(killed)).isPositive();
    for (int i = 0; i < KILLS_IN_SAVING; i++) {
      kill(killed, FineTuningProcess.SAVING, 250);
      if (Files.exists(killed)) {
        assertWholeAndSame(killed, uninterrupted);
        deleteTree(killed);
      }
    }
    finish(killed);

    assertWholeAndSame(killed, uninterrupted);
  }

  private static void assertWholeAndSame(Path found, Path expected) throws IOException {
    assertThat(Bundle.open(found).goldenExamples().examples()).hasSize(3);
    assertThat(found.resolve("model.onnx")).hasSameBinaryContentAs(expected.resolve("model.onnx"));
    assertThat(figures(found, "test")).isEqualTo(figures(expected, "test"));
    assertThat(figures(found, "validation")).isEqualTo(figures(expected, "validation"));
  }

  private static JsonNode figures(Path bundle, String part) throws IOException {
    JsonNode figures =
        new ObjectMapper().readTree(bundle.resolve("metrics.json").toFile()).get(part);
    assertThat(figures).as(part).isNotNull();
    return figures;
  }

  private Process start(Path bundle, long restMilliseconds) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            FineTuningProcess.class.getName(),
            folder.toString(),
            bundle.toString(),
            String.valueOf(restMilliseconds))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private void finish(Path bundle) throws IOException, InterruptedException {
    Process process = start(bundle, 0);
    try (BufferedReader output = reader(process)) {
      while (output.readLine() != null) {
        // The process would stop at a full pipe.
      }
    }
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  /** Kills at a random moment after the process has said a word; an empty word waits for none. */
  private void kill(Path bundle, String word, int withinMilliseconds)
      throws IOException, InterruptedException {
    boolean saving = word.equals(FineTuningProcess.SAVING);
    Process process = start(bundle, saving ? 0 : REST_MILLISECONDS);
    try (BufferedReader output = reader(process)) {
      if (!word.isEmpty()) {
        String line = output.readLine();
        while (line != null && !line.equals(word)) {
          line = output.readLine();
        }
        assertThat(line).isEqualTo(word);
      }
      Thread.sleep(random.nextInt(withinMilliseconds));
      process.destroyForcibly();
    }
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
  }

  private static BufferedReader reader(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private static long checkpointCount(Path bundle) throws IOException {
    try (Stream<Path> entries =
        Files.list(bundle.resolveSibling(bundle.getFileName() + ".checkpoints"))) {
      return entries.filter(e -> e.toFile().getName().startsWith("checkpoint-")).count();
    }
  }

  private static void deleteTree(Path root) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> tree = Files.walk(root)) {
      deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.delete(path);
    }
  }
}

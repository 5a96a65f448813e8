package dev.graft.transfer.pretraining;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.transfer.ToyTask;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pre-training killed with SIGKILL again and again gives the loss curve of one that was not. */
@Tag("slow")
final class KilledPretrainingTest {
  private static final long SEED = 8;
  private static final int KILLS = 12;
  private static final long REST_MILLISECONDS = 30;

  private final Path folder;
  private final Path data;
  private final SplittableRandom random = new SplittableRandom(SEED);

  KilledPretrainingTest(@TempDir Path folder) {
    this.folder = folder;
    this.data = ToyTask.data(folder, 24, 0);
  }

  @Test
  void killedManyTimes_resumed_sameCurveAndModelAsUninterrupted() throws Exception {
    Path uninterrupted = folder.resolve("uninterrupted");
    finish(uninterrupted);
    Path killed = folder.resolve("killed");
    for (int i = 0; i < KILLS; i++) {
      kill(killed);
      assertThat(killed).as("seed %d, kill %d", SEED, i).doesNotExist();
    }
    finish(killed);

    assertThat(killed.resolve("model.onnx"))
        .hasSameBinaryContentAs(uninterrupted.resolve("model.onnx"));
    List<JsonNode> curve = curve(killed);
    assertThat(curve).isEqualTo(curve(uninterrupted)).hasSizeGreaterThan(12);
  }

  /** The lines of the log but for their times. */
  private static List<JsonNode> curve(Path backbone) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(backbone.resolve("log/metrics.jsonl"))) {
      ObjectNode object = (ObjectNode) new ObjectMapper().readTree(line);
      object.remove("time");
      lines.add(object);
    }
    return lines;
  }

  private Process start(Path backbone, long restMilliseconds) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            PretrainingProcess.class.getName(),
            data.toString(),
            backbone.resolveSibling(backbone.getFileName() + ".run").toString(),
            backbone.toString(),
            String.valueOf(restMilliseconds))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private void finish(Path backbone) throws IOException, InterruptedException {
    Process process = start(backbone, 0);
    try (BufferedReader output = reader(process)) {
      while (output.readLine() != null) {
        // The process would stop at a full pipe.
      }
    }
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  /** Kills at a random moment after the first step. */
  private void kill(Path backbone) throws IOException, InterruptedException {
    Process process = start(backbone, REST_MILLISECONDS);
    try (BufferedReader output = reader(process)) {
      String line = output.readLine();
      while (line != null && !line.equals(PretrainingProcess.STEPPING)) {
        line = output.readLine();
      }
      assertThat(line).isEqualTo(PretrainingProcess.STEPPING);
      Thread.sleep(random.nextInt(250));
      process.destroyForcibly();
    }
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
  }

  private static BufferedReader reader(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }
}

package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
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

/** Tables that do not fit into the memory of the process that trains on them. */
class LargeTableTest {
  private static final long MOST_MINUTES = 15;

  @TempDir Path folder = Path.of(".");

  private record Ended(int exitCode, String out, String err) {}

  /** The command in a process of its own with so much heap. */
  private Ended run(String heap, Object... arguments) throws Exception {
    Path jar = ProcessTest.jarThatNamesTheClassPath(folder.resolve("graft.jar"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + heap, "-XX:+UseSerialGC", "-jar", jar.toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    process.getOutputStream().close();
    boolean ended = process.waitFor(MOST_MINUTES, TimeUnit.MINUTES);
    process.destroyForcibly();
    assertThat(ended).as(Files.readString(err)).isTrue();
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** Rows of so many words, and the number of rows. */
  private int write(Path table, long bytes, int words) throws IOException {
    List<String> fillers = List.of("my ".repeat(words), "the ".repeat(words));
    int rows = 0;
    try (BufferedWriter out = Files.newBufferedWriter(table, StandardCharsets.UTF_8)) {
      String header = "id,text,label\n";
      out.write(header);
      for (long written = header.length(); written < bytes; rows++) {
        String line =
            rows
                + (rows % 2 == 0 ? ",\"lost card, " : ",\"euro rate, ")
                + rows
                + " "
                + fillers.get(rows % 3 % 2)
                + "\",class"
                + rows % 2
                + "\n";
        out.write(line);
        written += line.length();
      }
    }
    return rows;
  }

  private void trainAndPredict(long bytes, int words, String heap) throws Exception {
    Path backbone =
        WordVectors.write(
            folder.resolve("words"),
            List.of("[PAD]", "[UNK]", "lost", "card", "euro", "rate", "my", "the"),
            new SplittableRandom(11));
    Path table = folder.resolve("tickets.csv");
    int rows = write(table, bytes, words);
    Path model = folder.resolve("model");
    Ended trained =
        run(
            heap,
            "train",
            table,
            "--backbone",
            backbone,
            "--examples-per-class",
            "30",
            "--max-tokens",
            "8",
            "--strategy",
            "head",
            "--no-cache",
            "--json",
            "--out",
            model);
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    JsonNode metrics = new ObjectMapper().readTree(model.resolve("metrics.json").toFile());
    assertThat(metrics.at("/examples/train/class0").asInt()).isEqualTo(30);
    assertThat(metrics.at("/validation/accuracy").asDouble()).isEqualTo(1);

    Ended predicted = run(heap, "predict", model, table, "--json", "--top", "1");
    assertThat(predicted.exitCode()).as(predicted.err()).isZero();
    List<String> lines = predicted.out().lines().toList();
    assertThat(lines).hasSize(rows);
    for (int row = 0; row < rows; row += Math.max(1, rows / 500)) {
      JsonNode line = new ObjectMapper().readTree(lines.get(row));
      assertThat(line.path("file").asText()).endsWith("tickets.csv#" + (row + 2));
      assertThat(line.path("label").asText()).isEqualTo("class" + row % 2);
    }
  }

  /** 80 MB, above what is held in memory, with a heap smaller than the file. */
  @Test
  void train_tableLargerThanTheHeap_isReadFromTheDisk() throws Exception {
    trainAndPredict(80_000_000, 4_000, "72m");
  }

  @Test
  @Tag("slow")
  void train_gigabyte_needsBoundedMemory() throws Exception {
    trainAndPredict(1L << 30, 1_200, "256m");
  }
}

package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.Commands.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Texts as they come: damaged, of any script, huge, or with classes that nothing can be made of.
 */
class TextInputTest {
  private static final String HEBREW = "\u05e9\u05dc\u05d5\u05dd";
  private static final String ARABIC = "\u0645\u0631\u062d\u0628\u0627";
  private static final String GRIN = "\ud83d\ude00";
  private static final String PROGRAMMER = "\ud83d\udc69\u200d\ud83d\udcbb";
  private static final List<String> WORDS =
      List.of(
          "[PAD]", "[UNK]", "lost", "card", "euro", "rate", "my", HEBREW, ARABIC, GRIN, PROGRAMMER);

  @TempDir Path folder = Path.of(".");
  private Path backbone = Path.of(".");
  private Path model = Path.of(".");

  @BeforeEach
  void writeBackbone() throws IOException {
    backbone = WordVectors.write(folder.resolve("words"), WORDS, new SplittableRandom(11));
    model = folder.resolve("model");
  }

  private Outcome train(Path data, Object... further) {
    Object[] first = {
      "train", data, "--backbone", backbone, "--strategy", "head", "--no-cache", "--out", model
    };
    Object[] all = Arrays.copyOf(first, first.length + further.length);
    System.arraycopy(further, 0, all, first.length, further.length);
    return Commands.run(all);
  }

  private Path table(IntFunction<String> row, int rows) throws IOException {
    String content =
        IntStream.range(0, rows)
            .mapToObj(row)
            .collect(Collectors.joining("\n", "text,label\n", "\n"));
    return Files.writeString(folder.resolve("tickets.csv"), content);
  }

  private void assertRefused(Outcome outcome, String... parts) {
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(ExitCode.DATA);
    assertThat(outcome.err()).contains("graft: error: ").contains(parts).doesNotContain("\tat ");
    assertThat(outcome.out()).isEmpty();
    assertThat(model).doesNotExist();
  }

  private static void assertDone(Outcome outcome) {
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
  }

  private static List<JsonNode> predictions(Outcome outcome) throws IOException {
    assertDone(outcome);
    List<JsonNode> lines = new ArrayList<>();
    for (String line : outcome.outLines()) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }

  private JsonNode metrics() throws IOException {
    return new ObjectMapper().readTree(model.resolve("metrics.json").toFile());
  }

  // --- classes -----------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lost my card,x | expected at least 2 classes, found 1 (x, 20 examples). Add rows of another class.",
        ",x | no row with a text and a label was found. Left out: 20 items, first tickets.csv, row 2: its text is empty.",
        "lost my card, | no row with a text and a label was found. Left out: 20 items, first tickets.csv, row 2: its label is empty.",
      })
  void train_nothingToTellApart_isDataErrorThatSaysWhy(String row, String reason)
      throws IOException {
    assertRefused(train(table(i -> row, 20)), "tickets.csv", reason);
  }

  @Test
  void train_hundredThousandClassesOfOneText_isDataErrorThatNamesSome() throws IOException {
    assertRefused(
        train(table(i -> "lost my card " + i + ",class" + i, 100_000)),
        "expected at least 2 usable examples in each class",
        "class0, class1, class10,",
        "and 99990 more");
  }

  @Test
  void train_hundredThousandClassesOfTwoTexts_isDataErrorThatTellsTheMemory() throws IOException {
    Path data = table(i -> "lost my card " + i + ",class" + i / 2, 200_000);
    for (String command : List.of("train", "doctor")) {
      Outcome outcome =
          command.equals("train")
              ? train(data)
              : Commands.run(command, data, "--backbone", backbone);
      assertRefused(
          outcome,
          "200,000 examples in 100,000 classes takes about 400.0 GB of memory, and Java has ",
          "Join classes, or take fewer examples of each. Is the label column the right one?");
    }
  }

  // --- characters --------------------------------------------------------------------------------

  @Test
  void train_rightToLeftAndEmoji_areToldApartAndShownWhole() throws IOException {
    Path data =
        table(
            i ->
                i % 2 == 0
                    ? HEBREW + " my " + GRIN + " card " + i + ",greeting " + HEBREW
                    : ARABIC + " my " + PROGRAMMER + " card " + i + ",work " + GRIN,
            60);
    assertDone(train(data));
    assertThat(metrics().at("/validation/accuracy").asDouble()).isEqualTo(1);
    String report = Files.readString(model.resolve("report.html"));
    assertThat(report)
        .contains(HEBREW, ARABIC, GRIN, PROGRAMMER, "greeting " + HEBREW, "work " + GRIN)
        .contains("dir=\"auto\"")
        .doesNotContain("\ufffd");
    byte[] lines =
        (GRIN + " " + HEBREW + " my card\n" + ARABIC + " my " + PROGRAMMER + " card\n")
            .getBytes(StandardCharsets.UTF_8);
    assertThat(predictions(Commands.runWithInput(lines, "predict", model, "-", "--json")))
        .extracting(line -> line.path("label").asText())
        .containsExactly("greeting " + HEBREW, "work " + GRIN);
  }

  @Test
  void train_nulBytes_areCharactersLikeOthers() throws IOException {
    Path data = table(i -> i % 2 == 0 ? "lost\0 card " + i + ",a" : "euro \0rate " + i + ",b", 40);
    assertDone(train(data));
    assertThat(metrics().at("/validation/accuracy").asDouble()).isEqualTo(1);
    assertThat(Files.readString(model.resolve("report.html"))).doesNotContain("\0");
    byte[] line = "rate\0 \0euro\n".getBytes(StandardCharsets.UTF_8);
    assertThat(predictions(Commands.runWithInput(line, "predict", model, "-", "--json")))
        .extracting(found -> found.path("label").asText())
        .containsExactly("b");
  }

  @Test
  void train_loneSurrogatesOfJson_areReplaced() throws IOException {
    String rows =
        IntStream.range(0, 40)
            .mapToObj(
                i ->
                    i % 2 == 0
                        ? "{\"text\":\"lost \\ud800 card " + i + "\",\"label\":\"a\\udc00\"}"
                        : "{\"text\":\"euro \\udfff rate " + i + "\",\"label\":\"b\"}")
            .collect(Collectors.joining("\n"));
    Path data = Files.writeString(folder.resolve("tickets.jsonl"), rows);
    assertDone(train(data));
    assertThat(metrics().at("/validation/accuracy").asDouble()).isEqualTo(1);
    Path asked =
        Files.writeString(folder.resolve("asked.jsonl"), "{\"text\":\"card \\ud800 lost\"}\n");
    assertThat(predictions(Commands.run("predict", model, asked, "--json")))
        .extracting(found -> found.path("label").asText())
        .hasSize(1)
        .first()
        .asString()
        .startsWith("a")
        .doesNotContain("\udc00");
  }

  /** Surrogates that were encoded one by one, as CESU-8 does: no UTF-8. */
  @Test
  void train_surrogatesInBytes_leaveTheirRowOutOrNameTheLine() throws IOException {
    ByteArrayOutputStream bad = new ByteArrayOutputStream();
    bad.writeBytes("text,label\nlost ".getBytes(StandardCharsets.US_ASCII));
    bad.write(
        new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0xbd, (byte) 0xed, (byte) 0xb8, (byte) 0x80});
    bad.writeBytes(" card,a\n".getBytes(StandardCharsets.US_ASCII));
    Path data = Files.write(folder.resolve("tickets.csv"), bad.toByteArray());
    assertRefused(
        train(data), "tickets.csv: line 2 has the byte 0xED, which is no UTF-8 there", "encoding");

    for (int i = 0; i < 120; i++) {
      bad.writeBytes(
          (i % 2 == 0 ? "lost card " + i + ",a\n" : "euro rate " + i + ",b\n")
              .getBytes(StandardCharsets.US_ASCII));
    }
    Files.write(data, bad.toByteArray());
    Outcome trained = train(data);
    assertDone(trained);
    assertThat(trained.unwrappedOut() + trained.err())
        .contains("tickets.csv, row 2: line 2 has the byte 0xED, which is no UTF-8 there");
    assertThat(metrics().path("left_out").asInt()).isEqualTo(1);

    Outcome predicted = Commands.run("predict", model, data, "--json");
    assertThat(predictions(predicted)).hasSize(121);
    assertThat(predicted.err()).contains("tickets.csv#2: its text is no UTF-8");
  }

  // --- sizes -------------------------------------------------------------------------------------

  @Test
  void train_tenMegabytesInOneField_areReadUpToWhatTheModelTakes() throws IOException {
    String huge = "lost my card ".repeat(10_000_000 / 13);
    Path data =
        table(
            i ->
                i == 0
                    ? "\"" + huge + "\",a"
                    : i % 2 == 0 ? "lost card " + i + ",a" : "euro rate " + i + ",b",
            40);
    Outcome trained = train(data);
    assertDone(trained);
    assertThat(trained.unwrappedOut()).contains("train 40 (a 20, b 20)", "1 of 40 texts have more");
    assertThat(metrics().at("/validation/accuracy").asDouble()).isEqualTo(1);
    assertThat(model.resolve("report.html"))
        .satisfies(report -> assertThat(Files.size(report)).isLessThan(500_000));
    List<JsonNode> found = predictions(Commands.run("predict", model, data, "--json"));
    assertThat(found).hasSize(40);
    assertThat(found.get(0).path("label").asText()).isEqualTo("a");
  }
}

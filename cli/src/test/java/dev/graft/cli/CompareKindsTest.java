package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.Commands.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code graft compare} with models of texts and of sounds, with and without given data. */
class CompareKindsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir static Path folder = Path.of(".");
  private static Path texts = Path.of(".");
  private static Path sounds = Path.of(".");

  @BeforeAll
  static void train() throws IOException {
    texts = TicketData.write(folder.resolve("tickets"), 12);
    sounds = ToneData.write(folder.resolve("tones"), 8);
    Path encoder = ChimeData.writeEncoder(folder.resolve("ears.onnx"));
    train(texts, "text-small");
    train(texts, "words", "--backbone", "graft/words");
    train(sounds, "speech-small");
    train(sounds, "encoder", "--backbone", encoder, "--front-end", "google-speech-embedding/1");
  }

  private static void train(Path data, String name, Object... further) {
    Object[] first = {
      "train", data, "--strategy", "head", "--cache", folder.resolve("cache"), "--out", model(name)
    };
    Object[] all = java.util.Arrays.copyOf(first, first.length + further.length);
    System.arraycopy(further, 0, all, first.length, further.length);
    Outcome outcome = Commands.run(all);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
  }

  private static Path model(String name) {
    return folder.resolve(name);
  }

  @Test
  void compare_texts_usesTheirCommonTestPart() {
    Outcome outcome = Commands.run("compare", model("text-small"), model("words"));

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.unwrappedOut())
        .containsPattern("text-small and words|(words|text-small) is better than")
        .contains("On the test part that all were tested on, 24 examples")
        .contains("time for a text", "What was different", "graft/words")
        .doesNotContain("image");
  }

  @Test
  void compare_textsOnGivenTable_predictsItsRows() throws IOException {
    Path table =
        Files.writeString(
            folder.resolve("new.csv"),
            """
            label,text
            topic0,"my stolen card is lost"
            topic0,"lost the card?"
            topic0,
            topic1,"the euro exchange rate"
            topic1,"rate of the euro, my exchange"
            """);

    Outcome outcome =
        Commands.run("compare", model("text-small"), model("words"), "--data", table, "--json");

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    JsonNode json = MAPPER.readTree(outcome.out());
    assertThat(json.path("kind").asText()).isEqualTo("text");
    assertThat(json.path("source").asText()).isEqualTo("the given data");
    assertThat(json.path("examples").asInt()).isEqualTo(4);
    assertThat(json.at("/models/1/common/accuracy").asDouble()).isEqualTo(1);
    assertThat(json.at("/models/0/milliseconds").asDouble()).isPositive();
    assertThat(json.at("/pairs/0/mcnemar_p").isNumber()).isTrue();
    assertThat(json.path("left_out").toString()).contains("new.csv").contains("empty");
    assertThat(outcome.err()).contains("Predicting with words").contains("texts");
  }

  @Test
  void compare_sounds_withTheirTestPartAndWithGivenData() throws IOException {
    Outcome kept = Commands.run("compare", model("speech-small"), model("encoder"));
    assertThat(kept.exitCode()).as(kept.err()).isZero();
    assertThat(kept.unwrappedOut())
        .contains("On the test part that all were tested on, 16 examples")
        .contains("time for a recording")
        .doesNotContain("image");

    Outcome given =
        Commands.run(
            "compare",
            model("speech-small"),
            model("encoder"),
            "--data",
            sounds.resolve("train"),
            "--json");
    assertThat(given.exitCode()).as(given.err()).isZero();
    JsonNode json = MAPPER.readTree(given.out());
    assertThat(json.path("kind").asText()).isEqualTo("audio");
    assertThat(json.path("examples").asInt()).isEqualTo(16);
    assertThat(json.at("/models/0/common/accuracy").isNumber()).isTrue();
  }

  @Test
  void compare_dataOfAnotherKind_isDataError() {
    refused(
        ExitCode.DATA,
        "the models take texts, but these are recordings. Give data of the models' kind.",
        model("text-small"),
        model("words"),
        "--data",
        sounds);
    refused(
        ExitCode.DATA,
        "the models take recordings, but these are texts.",
        model("speech-small"),
        model("encoder"),
        "--data",
        texts);
  }

  @Test
  void compare_modelsOfTwoKinds_isModelError() {
    refused(
        ExitCode.MODEL,
        "the first takes texts and the other recordings. Compare models that were trained for the",
        model("text-small"),
        model("encoder"));
  }

  @Test
  void compare_textsWithUnknownClass_isDataErrorThatNamesIt() throws IOException {
    Path strange =
        Files.writeString(
            folder.resolve("strange.csv"), "text,label\nmy card,topic0\nhello there,greeting\n");
    refused(
        ExitCode.DATA,
        "do not know greeting; they know topic0, topic1",
        model("text-small"),
        model("words"),
        "--data",
        strange);
  }

  private static void refused(int exitCode, String part, Object... arguments) {
    Object[] all = new Object[arguments.length + 1];
    all[0] = "compare";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    Outcome outcome = Commands.run(all);
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(exitCode);
    assertThat(outcome.err()).contains("graft: error: ").contains(part).doesNotContain("\tat ");
    assertThat(outcome.out()).isEmpty();
  }

  @Test
  @Tag("reference-data")
  void compare_newsOnOtherNews_provesThePretrainedOneBetterThanWords() throws IOException {
    Path shared = Path.of(System.getProperty("graft.shared", "absent"));
    Path news = shared.resolve("data/text/ag-news.csv");
    assumeTrue(Files.exists(news), "reference data absent: " + shared);
    List<String> lines = Files.readAllLines(news);
    Path learned = folder.resolve("learned.csv");
    Files.write(learned, lines.subList(0, 401));
    Path other = folder.resolve("other.csv");
    Files.writeString(other, "text,label\n" + String.join("\n", lines.subList(2_000, 2_400)));
    train(learned, "news-small", "--examples-per-class", "25");
    train(learned, "news-words", "--examples-per-class", "25", "--backbone", "graft/words");

    Outcome nothing = Commands.run("compare", model("news-small"), model("news-words"));
    assertThat(nothing.unwrappedOut())
        .startsWith("Which model is better cannot be told: no predictions for test examples")
        .contains("Give labelled texts that none was trained on, with --data.");

    Outcome outcome =
        Commands.run(
            "compare", model("news-small"), model("news-words"), "--data", other, "--json");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    JsonNode json = MAPPER.readTree(outcome.out());
    assertThat(json.path("examples").asInt()).isEqualTo(400);
    assertThat(json.at("/pairs/0/conclusion").asText()).isEqualTo("first_better");
    assertThat(json.at("/models/1/common/accuracy").asDouble()).isBetween(0.5, 0.85);
  }
}

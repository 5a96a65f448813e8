package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.Commands.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code graft advise} on texts: generated ones, and some of the reference data. */
class AdviseTextsTest {
  @TempDir Path folder = Path.of(".");

  /** With a cache of its own. */
  private Outcome advise(Object data, Object... further) {
    List<Object> words =
        new ArrayList<>(List.of("advise", data, "--cache", folder.resolve("cache")));
    words.addAll(List.of(further));
    return Commands.run(words.toArray());
  }

  private static JsonNode json(Outcome outcome) throws IOException {
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return new ObjectMapper().readTree(outcome.out());
  }

  private static List<String> texts(JsonNode array, String field) {
    return array.findValuesAsText(field);
  }

  private static void assertRefused(Outcome outcome, int exitCode, String... words) {
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(exitCode);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).contains("graft: error: ").contains(words).doesNotContain("\tat ");
  }

  // --- what it says ------------------------------------------------------------------------------

  @Test
  void advise_texts_ranksBackbonesOfTextsBesideWordsAlone() throws IOException {
    Path data = TicketData.write(folder.resolve("tickets"), 12);
    Path backbone = TicketData.writeBackbone(folder.resolve("word-vectors"));

    Outcome outcome = advise(data, "--backbone", backbone, "--budget", "1s");

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.outLines()).anyMatch(line -> line.startsWith("  graft train " + data));
    assertThat(outcome.unwrappedOut())
        .contains("24 training texts (topic0 12, topic1 12)")
        .containsPattern("Backbones, the best first .* graft/text-small ")
        .contains(" word-vectors ")
        .contains("a logistic regression on counts of words")
        .contains("a head on the same network with fresh")
        .contains("a small network trained from scratch")
        .contains("ms: one text on this machine")
        .contains("Where yours are among them, its figure is too good.")
        .doesNotContain("image");
    assertThat(outcome.err()).contains("Features of word-vectors (2 of 2)");
  }

  /** Only words after the 128th token tell the classes; the command that follows is typed. */
  @Test
  void advise_backboneDoesNotReadFarEnough_recommendsTheWordsAndThatTrains() throws IOException {
    Path data = TicketData.writeLongTexts(folder.resolve("mails.csv"), 30);

    JsonNode json =
        json(
            advise(
                data,
                "--text-column",
                "message",
                "--label-column",
                "topic",
                "--budget",
                "none",
                "--json"));

    assertThat(json.path("verdict").asText()).isEqualTo("transfer_loses");
    assertThat(json.path("advice").asText())
        .startsWith("Frozen features lose here: a logistic regression on counts of words has");
    assertThat(json.at("/data/kind").asText()).isEqualTo("text");
    assertThat(json.at("/baselines/0/kind").asText()).isEqualTo("words");
    assertThat(json.at("/baselines/0/accuracy").asDouble()).isGreaterThan(0.85);
    assertThat(json.at("/backbones/0/accuracy").asDouble()).isLessThan(0.75);
    List<String> words = new ArrayList<>(List.of(json.path("command").asText().split(" ")));
    assertThat(words)
        .containsSequence("--backbone", "graft/words")
        .containsSequence("--label-column", "topic")
        .containsSequence("--text-column", "message");
    words.set(words.indexOf("--out") + 1, folder.resolve("trained").toString());
    words.addAll(
        List.of("--budget", "5s", "--cache", folder.resolve("cache").toString(), "--json"));

    JsonNode trained = json(Commands.run(words.subList(1, words.size()).toArray()));

    assertThat(trained.at("/validation/accuracy").asDouble()).isGreaterThan(0.85);
  }

  @Test
  void advise_folderOfAllKinds_takesThoseOfTexts() throws IOException {
    Path data = TicketData.write(folder.resolve("tickets"), 4);
    Path many = Files.createDirectories(folder.resolve("many"));
    TicketData.writeBackbone(many.resolve("reader"));
    RehearsalData.writeBackbone(many.resolve("eyes.onnx"));
    ChimeData.writeEncoder(many.resolve("ears.onnx"));

    JsonNode json =
        json(
            advise(
                data,
                "--backbones",
                many,
                "--front-end",
                "google-speech-embedding/1",
                "--budget",
                "none",
                "--json"));

    assertThat(texts(json.path("backbones"), "id"))
        .containsExactlyInAnyOrder("graft/text-small", "reader");
    assertThat(json.path("backbones").findValues("input_side")).isEmpty();
    assertThat(json.path("left_out_backbones").toString())
        .contains("Training ears on ", "the backbone takes recordings, but the data are text")
        .contains("Training eyes on ", "the backbone takes images, but the data are text");
  }

  @Test
  void advise_countsOfWordsNamed_saysThatAllAreComparedWithThem() throws IOException {
    Path data = TicketData.write(folder.resolve("tickets"), 4);

    Outcome outcome = advise(data, "--backbone", "graft/words", "--budget", "none", "--json");

    assertThat(texts(json(outcome).path("backbones"), "id")).containsExactly("graft/text-small");
    assertThat(outcome.err()).contains("graft/words needs not be named");
  }

  // --- bad input ---------------------------------------------------------------------------------

  @Test
  void advise_backboneOfAnotherKind_isRefusedAsTrainingRefusesIt() throws IOException {
    Path texts = TicketData.write(folder.resolve("tickets"), 2);
    Path images = RehearsalData.writeImages(folder.resolve("images"));
    Path eyes = RehearsalData.writeBackbone(folder.resolve("eyes.onnx"));
    Path reader = TicketData.writeBackbone(folder.resolve("reader"));

    String[] reason = {
      "Training eyes on ",
      "the backbone takes images, but the data are text. Choose a backbone of the same kind"
    };
    assertRefused(advise(texts, "--backbone", eyes), ExitCode.DATA, reason);
    assertRefused(
        Commands.run("train", texts, "--backbone", eyes, "--preprocessing", "unit", "--out", "x"),
        ExitCode.DATA,
        reason);
    assertRefused(
        advise(images, "--backbone", reader),
        ExitCode.DATA,
        "Training reader on ",
        "the backbone takes texts, but the data are image.");
    assertRefused(
        advise(images, "--backbone", "graft/words"),
        ExitCode.USAGE,
        "graft/words counts the words of texts, but these are images");
  }

  @Test
  void advise_unusableTables_areDataErrors() throws IOException {
    Path one = Files.writeString(folder.resolve("one.csv"), "text,label\na b,x\nc d,x\n");
    assertRefused(
        advise(one), ExitCode.DATA, "expected at least 2 classes, found 1 (x, 2 examples)");
    Path few = Files.writeString(folder.resolve("few.csv"), "text,label\na b,x\nc d,x\ne,y\n");
    assertRefused(
        advise(few),
        ExitCode.DATA,
        "expected at least 2 usable examples in each class, found 1 in class y");
    Path same =
        Files.writeString(folder.resolve("same.csv"), "text,label\na b,x\na b,x\nc d,y\nc d,y\n");
    assertRefused(advise(same), ExitCode.DATA, "Add examples that differ");
    Path none = Files.writeString(folder.resolve("none.csv"), "message,topic\nab,x\n");
    assertRefused(advise(none, "--text-column", "body"), ExitCode.DATA, "body");
  }

  @Test
  void advise_fewestTexts_saysThatTheyAreTooFew() throws IOException {
    Path data =
        Files.writeString(
            folder.resolve("fewest.csv"),
            "text,label\nlost card,x\nstolen card,x\neuro rate,y\nexchange rate,y\n");

    Outcome outcome = advise(data);

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.unwrappedOut())
        .containsPattern("^(4 texts are too few|Nothing tells these classes apart)")
        .contains("Training a small network from scratch was not tried");
  }

  // --- reference data ----------------------------------------------------------------------------

  @Test
  @Tag("reference-data")
  void advise_news_findsBothBackbonesAheadOfWordsAlone() throws IOException {
    Path shared = Path.of(System.getProperty("graft.shared", "absent"));
    assumeTrue(Files.isDirectory(shared.resolve("models")), "reference data absent: " + shared);

    JsonNode json =
        json(
            advise(
                shared.resolve("data/text/ag-news.csv"),
                "--backbone",
                shared.resolve("models/word2vec-8k"),
                "--examples",
                "200",
                "--budget",
                "none",
                "--json"));

    assertThat(json.path("verdict").asText()).isEqualTo("transfer_helps");
    assertThat(json.at("/data/examples").asInt()).isEqualTo(7_600);
    assertThat(json.at("/data/judged").asInt()).isEqualTo(200);
    assertThat(texts(json.path("backbones"), "id"))
        .containsExactly("graft/text-small", "word2vec-8k");
    // 78 % and 57 % with 100 examples, as scikit-learn has them on the same vectors and words.
    assertThat(json.at("/backbones/1/accuracy").asDouble()).isBetween(0.74, 0.92);
    assertThat(json.at("/baselines/0/kind").asText()).isEqualTo("words");
    assertThat(json.at("/baselines/0/accuracy").asDouble()).isBetween(0.55, 0.85);
    assertThat(json.path("command").asText()).doesNotContain("--backbone");
  }
}

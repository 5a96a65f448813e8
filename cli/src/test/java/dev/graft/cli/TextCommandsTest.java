package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.Commands.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on texts, with a table of word vectors: trained, predicted, explained, refused. */
class TextCommandsTest {
  @TempDir Path folder = Path.of(".");
  private Path data = Path.of(".");
  private Path backbone = Path.of(".");

  @BeforeEach
  void writeData() throws IOException {
    data = TicketData.write(folder.resolve("tickets"), 12);
    backbone = TicketData.writeBackbone(folder.resolve("words"));
  }

  private Outcome train(Object... further) {
    Object[] first = {
      "train", data, "--backbone", backbone, "--out", folder.resolve("model"), "--no-cache"
    };
    Object[] all = java.util.Arrays.copyOf(first, first.length + further.length);
    System.arraycopy(further, 0, all, first.length, further.length);
    return Commands.run(all);
  }

  @Test
  void train_countsOfWords_makesThemOnceAndPredictsWithThem() throws IOException {
    Path cache = folder.resolve("cache");
    for (String model : List.of("some", "again")) {
      Outcome trained =
          Commands.run(
              "train",
              data,
              "--backbone",
              "graft/words",
              "--strategy",
              "head",
              "--cache",
              cache,
              "--out",
              folder.resolve(model));
      assertThat(trained.exitCode()).as(trained.err()).isZero();
      assertThat(trained.unwrappedOut())
          .contains("Trained graft/words, strategy head")
          .doesNotContain("bag of words");
    }
    try (java.util.stream.Stream<Path> made = Files.list(cache.resolve("backbones"))) {
      assertThat(made).hasSize(1);
    }
    assertThat(folder.resolve("some/model.onnx"))
        .hasSameBinaryContentAs(folder.resolve("again/model.onnx"));
    Path text = Files.writeString(folder.resolve("one.txt"), "my stolen card was lost");
    Outcome predicted = Commands.run("predict", folder.resolve("some"), text);
    assertThat(predicted.exitCode()).as(predicted.err()).isZero();
    assertThat(predicted.out()).contains("topic0");
  }

  @Test
  void train_countsOfWordsForPictures_isRefused() throws IOException {
    Path pictures = folder.resolve("pictures");
    for (String label : List.of("a", "b")) {
      Files.createDirectories(pictures.resolve(label));
      Files.write(pictures.resolve(label).resolve("x.png"), new byte[] {(byte) 0x89, 'P', 'N'});
    }
    Outcome outcome =
        Commands.run(
            "train", pictures, "--backbone", "graft/words", "--out", folder.resolve("model"));
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("graft/words counts the words of texts", "images");
  }

  @Test
  void texts_everyCommandTakesThem() throws IOException {
    Outcome trained = train("--strategy", "head");
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(trained.unwrappedOut())
        .contains("bag of words", "the saved file gives the same probabilities", "on 2 texts")
        .contains("--backbone graft/words makes a model of it");
    Path model = folder.resolve("model");
    assertThat(model.resolve("tokenizer.json")).exists();
    assertThat(Files.readString(model.resolve("README.md")))
        .contains("Tokenizer.from_file(\"tokenizer.json\")", "input_ids");

    Outcome evaluated = Commands.run("evaluate", model, data, "--json");
    assertThat(evaluated.exitCode()).as(evaluated.err()).isZero();
    assertThat(new ObjectMapper().readTree(evaluated.out()).path("accuracy").asDouble())
        .isGreaterThan(0.9);

    Outcome lines =
        Commands.runWithInput(
            "lost my card\r\n\nthe euro exchange rate\n".getBytes(StandardCharsets.UTF_8),
            "predict",
            model,
            "-",
            "--json");
    assertThat(lines.exitCode()).as(lines.err()).isZero();
    assertThat(lines.outLines()).hasSize(2);
    assertThat(lines.outLines().get(0)).contains("\"line 1\"", "\"topic0\"");
    assertThat(lines.outLines().get(1)).contains("\"line 3\"", "\"topic1\"");

    Path table = folder.resolve("new.csv");
    Files.writeString(table, "id,message\n7,\"lost, my card\"\n8,euro exchange\n");
    Outcome rows = Commands.run("predict", model, table, "--json");
    assertThat(rows.outLines()).hasSize(2);
    assertThat(rows.outLines().get(1)).contains("new.csv#3", "\"topic1\"");

    explains(model);
    Outcome inspected = Commands.run("inspect", backbone.resolve("model.onnx"));
    assertThat(inspected.unwrappedOut()).contains("text, as token numbers", "yes, for texts");
  }

  private void explains(Path model) throws IOException {
    Path ticket = Files.writeString(folder.resolve("ticket.txt"), "my card is lost, the rate?");
    Path out = folder.resolve("why.html");
    Outcome explained = Commands.run("explain", model, ticket, "--out", out, "--json");
    assertThat(explained.exitCode()).as(explained.err()).isZero();
    JsonNode json = new ObjectMapper().readTree(explained.out());
    assertThat(json.path("words")).hasSize(6);
    assertThat(Files.readString(out)).contains("<mark class=\"for\"");
    Outcome again = Commands.run("explain", model, ticket, "--out", out);
    assertThat(again.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(again.err()).contains("why.html").contains("--overwrite");
    assertThat(Commands.run("explain", model, ticket, "--class", "x").err())
        .contains("the model knows no such class");
    Outcome grid = Commands.run("explain", model, ticket, "--grid", "8");
    assertThat(grid.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(grid.err()).contains("--grid: it is for images and recordings");

    Path clearing = Files.copy(ticket, folder.resolve("clear\u001b[2J.txt"));
    Outcome odd = Commands.run("explain", model, clearing, "--out", folder.resolve("pages"));
    assertThat(odd.exitCode()).as(odd.err()).isZero();
    assertThat(odd.out() + odd.err()).contains("Written").doesNotContain("\u001b");
  }

  @Test
  void train_texts_reportMarksTheWordsThatAnswersRestOn() throws IOException {
    // Two of another class's words under a wrong name: sure mistakes.
    Files.writeString(data.resolve("test/topic1/0.txt"), "lost my stolen card & <b> my lost card");
    Files.writeString(
        data.resolve("test/topic0/0.txt"), "euro rate \u05e9\u05dc\u05d5\u05dd \ud83d\ude00");
    List<String> reports = new ArrayList<>();
    for (String name : List.of("one", "two")) {
      Path model = folder.resolve(name);
      Outcome trained =
          Commands.run(
              "train",
              data,
              "--backbone",
              backbone,
              "--strategy",
              "head",
              "--no-cache",
              "--out",
              model);
      assertThat(trained.exitCode()).as(trained.err()).isZero();
      JsonNode metrics = new ObjectMapper().readTree(model.resolve("metrics.json").toFile());
      assertThat(metrics.path("mistakes")).hasSize(2);
      // All mistakes, and of each class the surest right one.
      assertThat(metrics.path("explained")).hasSize(4);
      for (JsonNode one : metrics.path("explained")) {
        assertThat(one.path("answer")).isEqualTo(one.path("explained"));
        assertThat(one.path("words")).isNotEmpty();
      }
      assertThat(metrics.findValuesAsText("word"))
          .contains("card", "rate", "\u05e9\u05dc\u05d5\u05dd", "\ud83d\ude00");
      String report = Files.readString(model.resolve("report.html"));
      assertThat(report.split("<figure class=\"text marked\">", -1)).hasSize(5);
      assertThat(report)
          .contains("<mark class=\"for\"", "Right, and sure of it", "For “topic0”: <bdi>")
          .contains("\u05e9\u05dc\u05d5\u05dd", "\ud83d\ude00", "&lt;", "&amp;")
          .doesNotContain("<b>", "\ufffd");
      reports.add(report.substring(0, report.indexOf("<caption>The run</caption>")));
    }
    assertThat(reports.get(0)).isEqualTo(reports.get(1));
  }

  @Test
  void train_unusableTexts_areNamedAndLeftOut() throws IOException {
    Files.write(data.resolve("train/topic0/latin.txt"), new byte[] {'c', (byte) 0xe9, 'd'});
    Files.writeString(data.resolve("train/topic1/blank.txt"), " \n\t ");
    Files.writeString(data.resolve("train/topic1/nul.txt"), "rate \u0000 \ud83d\ude00 euro");
    Outcome trained = train("--strategy", "head");
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(trained.unwrappedOut() + trained.err())
        .contains("latin.txt", "is no UTF-8", "blank.txt", "it is empty")
        .doesNotContain("nul.txt");
  }

  @Test
  void train_unfitOptions_areRefused() {
    assertThat(train("--augment", "flip").err()).contains("texts have no augmented views");
    assertThat(train("--max-tokens", "3").err()).contains("must be 4 to 8192 but are 3");
    assertThat(train("--pooling", "concatenated").err()).contains("only the times of spectrograms");
    Outcome missing = train("--tokenizer", folder.resolve("none.json"));
    assertThat(missing.exitCode()).isEqualTo(3);
    assertThat(missing.err()).contains("none.json", "there is no such file");
  }

  @Test
  void train_contrastive_makesAModelThatPredicts() {
    Outcome trained = train("--strategy", "contrastive", "--epochs", "20");
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(trained.unwrappedOut()).contains("strategy contrastive, head linear on 6 features");
    Outcome predicted =
        Commands.run("predict", folder.resolve("model"), data.resolve("test/topic1/0.txt"));
    assertThat(predicted.exitCode()).as(predicted.err()).isZero();
    assertThat(predicted.out()).contains("topic1");
  }

  @Test
  void train_freshBlocks_areDrawnAnewAndTrained() throws IOException {
    Outcome trained = train("--strategy", "all", "--fresh-blocks", "1", "--epochs", "3");
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    JsonNode settings =
        new ObjectMapper()
            .readTree(folder.resolve("model/provenance.json").toFile())
            .path("settings");
    assertThat(settings.path("fresh-blocks").asText()).isEqualTo("1");
  }

  @Test
  void train_freshBlocksThatCannotBe_isRefused() {
    Outcome stay = train("--strategy", "head", "--fresh-blocks", "1");
    assertThat(stay.exitCode()).isEqualTo(2);
    assertThat(stay.err())
        .contains("Choosing the strategy head: the last block has fresh weights and must train.");
    Outcome many = train("--strategy", "all", "--fresh-blocks", "5");
    assertThat(many.exitCode()).isEqualTo(2);
    assertThat(many.err()).contains("expected 1 to 1 blocks, which words has, found 5.");
    Outcome both = train("--weights", "fresh", "--fresh-blocks", "1");
    assertThat(both.exitCode()).isEqualTo(2);
    assertThat(both.err())
        .contains("--weights fresh draws all blocks anew, --fresh-blocks 1 only the last.");
  }
}

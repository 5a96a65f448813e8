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
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code graft advise}, on generated images of two colours. */
class AdviseCommandTest {
  @TempDir Path folder = Path.of(".");
  private Path data = Path.of("");
  private Path backbone = Path.of("");

  @BeforeEach
  void generate() {
    data = RehearsalData.writeImages(folder.resolve("data"));
    backbone = RehearsalData.writeBackbone(folder.resolve("backbone.onnx"));
  }

  /** Without training from scratch, and with a cache of its own. */
  private Outcome advise(Object... further) {
    List<Object> words =
        new ArrayList<>(
            List.of("advise", data, "--budget", "none", "--cache", folder.resolve("cache")));
    words.addAll(List.of(further));
    return Commands.run(words.toArray());
  }

  private Outcome adviseWithBackbone(Object... further) {
    Object[] all =
        Arrays.copyOf(
            new Object[] {"--backbone", backbone, "--preprocessing", "unit"}, 4 + further.length);
    System.arraycopy(further, 0, all, 4, further.length);
    return advise(all);
  }

  private static void assertRefused(Outcome outcome, int exitCode, String... words) {
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(exitCode);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).contains("graft: error: ").contains(words).doesNotContain("\tat ");
  }

  // --- what it says ------------------------------------------------------------------------------

  @Test
  void advise_images_beginsWithTheAdviceAndTheCommand() {
    Outcome outcome = adviseWithBackbone();

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.outLines().get(0))
        .startsWith("8 images are too few to tell whether transfer");
    assertThat(outcome.outLines()).anyMatch(line -> line.startsWith("  graft train " + data));
    assertThat(outcome.unwrappedOut())
        .contains("8 training images (blue 4, red 4)")
        .contains("Backbones, the best first")
        .contains("a logistic regression on 16 x 16 coloured")
        .contains("always answering \"blue\"")
        .contains("a head on the same network with fresh")
        .doesNotContain("-0.0");
    assertThat(outcome.err()).contains("Shrinking images", "Features of backbone");
  }

  @Test
  void advise_json_holdsTheSameForPrograms() throws IOException {
    Outcome outcome = adviseWithBackbone("--json", "--seed", "7");

    JsonNode json = new ObjectMapper().readTree(outcome.out());
    assertThat(json.path("command").asText()).startsWith("graft train ");
    assertThat(json.path("advice").asText()).isNotEmpty();
    assertThat(json.path("seed").asLong()).isEqualTo(7);
    assertThat(json.path("backbones")).isNotEmpty();
    for (JsonNode one : json.path("backbones")) {
      assertThat(one.path("accuracy").asDouble()).isBetween(0.0, 1.0);
      assertThat(one.path("accuracy_interval")).hasSize(2);
      assertThat(one.path("file_bytes").asLong()).isPositive();
      assertThat(one.path("input_side").asInt()).isPositive();
      assertThat(one.at("/best_against_this/p_value").asDouble()).isBetween(0.0, 1.0);
    }
    assertThat(json.path("baselines")).hasSize(3);
    assertThat(json.at("/data/examples").asInt()).isEqualTo(8);
    assertThat(json.at("/data/classes/red").asInt()).isEqualTo(4);
  }

  /** What it says to type, typed. */
  @Test
  void advise_command_trains() throws IOException {
    JsonNode json = new ObjectMapper().readTree(adviseWithBackbone("--json").out());
    List<String> words = new ArrayList<>(List.of(json.path("command").asText().split(" ")));
    assertThat(words.get(0)).isEqualTo("graft");
    int out = words.indexOf("--out") + 1;
    assertThat(words.get(out)).isEqualTo("data-model");
    words.set(out, folder.resolve("trained").toString());
    words.addAll(List.of("--cache", folder.resolve("cache").toString()));

    Outcome training = Commands.run(words.subList(1, words.size()).toArray());

    assertThat(training.exitCode()).as(training.err()).isZero();
    assertThat(folder.resolve("trained/model.onnx")).exists();
  }

  @Test
  void advise_folderOfBackbones_takesWhatIsOneAndNamesTheRest() throws IOException {
    Path many = Files.createDirectories(folder.resolve("many"));
    RehearsalData.writeBackbone(many.resolve("good.onnx"));
    Files.writeString(many.resolve("broken.onnx"), "no model");
    Files.writeString(many.resolve("notes.txt"), "not looked at");

    Outcome outcome = advise("--backbones", many, "--preprocessing", "unit");

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("  good ").doesNotContain("notes.txt");
    assertThat(outcome.unwrappedOut()).containsPattern("Not usable as backbones .*broken\\.onnx: ");
  }

  @Test
  void advise_budget_trainsASmallNetworkFromScratch() {
    Outcome outcome =
        Commands.run(
            "advise",
            data,
            "--backbone",
            backbone,
            "--preprocessing",
            "unit",
            "--budget",
            "1s",
            "--no-cache");

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.unwrappedOut()).contains("a small network trained from scratch");
  }

  // --- bad input ---------------------------------------------------------------------------------

  @Test
  void advise_missingData_isDataError() {
    assertRefused(
        Commands.run("advise", folder.resolve("nowhere")),
        ExitCode.DATA,
        "nowhere",
        "no such file");
  }

  @Test
  void advise_missingBackbone_isModelError() {
    assertRefused(
        advise("--backbone", folder.resolve("missing.onnx")), ExitCode.MODEL, "missing.onnx");
  }

  @Test
  void advise_unknownPreprocessing_isUsageErrorThatSaysHowToTellIt() {
    assertRefused(advise("--backbone", backbone), ExitCode.USAGE, "--preprocessing");
  }

  @Test
  void advise_missingFolderOfBackbones_isUsageError() {
    assertRefused(
        advise("--backbones", folder.resolve("absent")),
        ExitCode.USAGE,
        "absent",
        "no such folder");
  }

  @Test
  void advise_settingsOutOfRange_areUsageErrors() {
    assertRefused(advise("--examples", "3"), ExitCode.USAGE, "at least 20, found 3");
    assertRefused(
        Commands.run("advise", data, "--budget", "soon"), ExitCode.USAGE, "expected a duration");
    assertRefused(
        advise("--no-cache"), ExitCode.USAGE, "--cache and --no-cache exclude each other");
  }

  // --- published networks ------------------------------------------------------------------------

  @Test
  @Tag("reference-data")
  void advise_photosOfAntsAndBees_recommendsTransferFromAPublishedNetwork() throws IOException {
    Path shared = Path.of(System.getProperty("graft.shared", "absent"));
    assumeTrue(Files.isDirectory(shared.resolve("models")), "reference data absent: " + shared);
    String published = "mobilenetv2-0.35-imagenet-headless";

    Outcome outcome =
        Commands.run(
            "advise",
            shared.resolve("data/ants-bees.zip"),
            "--backbone",
            shared.resolve("models/" + published + ".onnx"),
            "--budget",
            "none",
            "--examples",
            "120",
            "--cache",
            folder.resolve("cache"),
            "--json");

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    JsonNode json = new ObjectMapper().readTree(outcome.out());
    assertThat(json.path("verdict").asText()).isEqualTo("transfer_helps");
    assertThat(json.at("/backbones/0/id").asText()).isEqualTo(published);
    assertThat(json.at("/backbones/0/source_task/examples").asLong()).isEqualTo(1_281_167);
    assertThat(json.at("/backbones/0/licence").asText()).isEqualTo("apache-2.0");
    assertThat(json.at("/backbones/0/accuracy").asDouble()).isGreaterThan(0.85);
    assertThat(json.path("command").asText()).contains("--backbone", published);
  }
}

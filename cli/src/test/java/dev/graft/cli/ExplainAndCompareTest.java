package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.Commands.Outcome;
import dev.graft.data.ExampleSource;
import dev.graft.data.image.ImageDecoder;
import dev.graft.data.image.PixelImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Train twice on generated images; then explain and compare. */
class ExplainAndCompareTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir static Path folder = Path.of(".");
  private static Path model = Path.of(".");
  private static Path other = Path.of(".");
  private static Path data = Path.of(".");

  @BeforeAll
  static void train() throws IOException {
    for (String name : List.of("one", "two")) {
      Path place = Files.createDirectories(folder.resolve(name));
      Object[] further = name.equals("one") ? new Object[0] : new Object[] {"--head", "4"};
      Outcome outcome = Commands.train(place, further);
      assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    }
    model = folder.resolve("one/model");
    other = folder.resolve("two/model");
    data = folder.resolve("one/data");
  }

  // --- explain -----------------------------------------------------------------------------------

  @Test
  void explain_oneImage_writesPictureAndSaysWhatItMeans() {
    Path out = folder.resolve("red.png");
    Outcome outcome = Commands.run("explain", model, data.resolve("test/red/0.bmp"), "--out", out);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.unwrappedOut())
        .contains("0.bmp: red with ", "Grad-CAM", "Occlusion", "Deletion", "15 other places")
        .containsPattern("Most like +the training examples train/red/\\d+\\.bmp \\(red, cosine")
        .contains("They do not show what the model takes them for")
        .contains(out.toString());
    PixelImage picture =
        new ImageDecoder().decode(new ExampleSource.FileSource(out).read(), "picture");
    assertThat(picture.width()).isGreaterThan(800);
  }

  @Test
  void explain_folderAsJson_givesLineForEachAndPicturesWithNamesOfTheirOwn() throws IOException {
    Path out = folder.resolve("pictures");
    Path broken = folder.resolve("broken.png");
    Files.writeString(broken, "no image");
    Outcome outcome =
        Commands.run(
            "explain",
            model,
            data.resolve("test"),
            broken,
            "--out",
            out,
            "--json",
            "--grid",
            "4",
            "--class",
            "blue");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.outLines()).hasSize(9);
    JsonNode first = MAPPER.readTree(outcome.outLines().get(0));
    assertThat(first.at("/explained/label").asText()).isEqualTo("blue");
    assertThat(first.at("/occlusion/values")).hasSize(4);
    assertThat(first.at("/grad_cam/values")).hasSize(first.at("/grad_cam/rows/count").asInt());
    assertThat(first.at("/deletion/elsewhere")).hasSize(15);
    assertThat(MAPPER.readTree(outcome.outLines().get(8)).path("error").asText())
        .contains("broken.png");
    assertThat(out.resolve("0.explained.png")).isNotEmptyFile();
    assertThat(out.resolve("0-2.explained.png")).isNotEmptyFile();
    try (var files = Files.list(out)) {
      assertThat(files).hasSize(8);
    }
  }

  @Test
  void explain_unusableRequests_areRefusedWithTheirExitCodes() throws IOException {
    Path image = data.resolve("test/red/0.bmp");
    Path there = Files.writeString(folder.resolve("there.png"), "mine");
    refused(ExitCode.USAGE, "exists already", "explain", model, image, "--out", there);
    assertThat(there).hasContent("mine");
    refused(
        ExitCode.USAGE,
        "one file, but there are 8 inputs",
        "explain",
        model,
        data.resolve("test"),
        "--out",
        folder.resolve("x.png"));
    refused(
        ExitCode.USAGE,
        "knows no such class; it knows blue, red",
        "explain",
        model,
        image,
        "--class",
        "green",
        "--out",
        folder.resolve("y.png"));
    refused(
        ExitCode.USAGE,
        "expected 4 to 32",
        "explain",
        model,
        image,
        "--grid",
        "2",
        "--out",
        folder.resolve("y.png"));
    refused(
        ExitCode.DATA,
        "no image that it could read",
        "explain",
        model,
        folder.resolve("nowhere.jpg"));
    refused(
        ExitCode.MODEL, "config.json", "explain", data, image, "--out", folder.resolve("y.png"));
    assertThat(folder.resolve("y.png")).doesNotExist();
  }

  // --- compare -----------------------------------------------------------------------------------

  @Test
  void compare_twoModels_usesTheirCommonTestPart() {
    Outcome outcome = Commands.run("compare", model, other);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.unwrappedOut())
        .startsWith("No difference in accuracy can be shown between 1: ")
        .contains("On the test part that all were tested on, 8 examples")
        .contains("McNemar p", "time for an image", "What was different", "head linear 4");
  }

  @Test
  void compare_withData_predictsThoseAndGivesEveryFigureAsJson() throws IOException {
    Outcome outcome =
        Commands.run("compare", model, other, model, "--data", data.resolve("train"), "--json");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    JsonNode json = MAPPER.readTree(outcome.out());
    assertThat(json.path("examples").asInt()).isEqualTo(8);
    assertThat(json.path("source").asText()).isEqualTo("the given data");
    assertThat(json.path("models")).hasSize(3);
    assertThat(json.at("/models/0/common/accuracy").isNumber()).isTrue();
    assertThat(json.at("/models/0/test/accuracy").isNumber()).isTrue();
    assertThat(json.path("pairs")).hasSize(2);
    assertThat(json.at("/pairs/1/mcnemar_p").asDouble()).isEqualTo(1);
    assertThat(json.at("/pairs/0/accuracy_difference_interval")).hasSize(2);
    assertThat(json.at("/pairs/0/log_loss_difference_interval")).hasSize(2);
    assertThat(json.path("differences").findValuesAsText("what")).contains("head");
  }

  @Test
  void compare_unusableRequests_areRefusedWithTheirExitCodes() throws IOException {
    refused(ExitCode.USAGE, "MODEL", "compare", model);
    refused(ExitCode.MODEL, "there is no such folder", "compare", model, folder.resolve("none"));
    Path strange = folder.resolve("strange/green");
    Files.createDirectories(strange);
    Files.copy(data.resolve("test/red/0.bmp"), strange.resolve("0.bmp"));
    Files.createDirectories(folder.resolve("strange/red"));
    Files.copy(data.resolve("test/red/1.bmp"), folder.resolve("strange/red/1.bmp"));
    refused(
        ExitCode.DATA,
        "do not know green; they know blue, red",
        "compare",
        model,
        other,
        "--data",
        folder.resolve("strange"));
  }

  @Test
  void compare_otherClasses_isModelErrorThatNamesThem() throws IOException {
    Path place = Files.createDirectories(folder.resolve("renamed"));
    RehearsalData.writeImages(place.resolve("data"));
    for (String part : List.of("train", "validation", "test")) {
      Files.move(
          place.resolve("data").resolve(part).resolve("red"),
          place.resolve("data").resolve(part).resolve("green"));
    }
    Path backbone = RehearsalData.writeBackbone(place.resolve("backbone.onnx"));
    Outcome training =
        Commands.run(
            "train",
            place.resolve("data"),
            "--backbone",
            backbone,
            "--preprocessing",
            "unit",
            "--no-cache",
            "--out",
            place.resolve("model"));
    assertThat(training.exitCode()).as(training.err()).isZero();
    refused(
        ExitCode.MODEL,
        "knows red and only model knows green",
        "compare",
        model,
        place.resolve("model"));
  }

  private static void refused(int exitCode, String part, Object... arguments) {
    Outcome outcome = Commands.run(arguments);
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(exitCode);
    assertThat(outcome.err()).contains("graft: error: ").contains(part).doesNotContain("\tat ");
    assertThat(outcome.out()).isEmpty();
  }
}

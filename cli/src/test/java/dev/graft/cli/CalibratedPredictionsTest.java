package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.Commands.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command tells about how far its predictions can be believed. */
class CalibratedPredictionsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Bytes of a bitmap before its pixels. */
  private static final int HEADER = 54;

  @TempDir private static Path folder = Path.of(".");
  private static Outcome training = new Outcome(-1, "", "");
  private static Path model = Path.of(".");

  /** Of 8 held-out images, sets of 80 % follow and those of 90 % do not. */
  @BeforeAll
  static void train() {
    training = Commands.train(folder, "--coverage", "0.8");
    model = folder.resolve("model");
  }

  @Test
  void train_withCoverage_tellsTemperatureAndSets() throws IOException {
    assertThat(training.exitCode()).as(training.err()).isZero();
    assertThat(training.unwrappedOut())
        .contains("Calibrated temperature")
        .contains("sets that shall hold the class in 80 % do in 100.0 % of the test part");
    JsonNode config = MAPPER.readTree(model.resolve("config.json").toFile());
    assertThat(config.path("temperature").asDouble()).isPositive();
    assertThat(config.at("/prediction_sets/coverage").asDouble()).isEqualTo(0.8);
    assertThat(model.resolve("training-features.bin")).isNotEmptyFile();
  }

  @Test
  void train_standardCoverageOfTooFew_leavesSetsOutAndSaysWhatIsNeeded() {
    Path out = folder.resolve("few");
    Outcome outcome =
        Commands.run(
            "train",
            folder.resolve("data"),
            "--backbone",
            folder.resolve("backbone.onnx"),
            "--preprocessing",
            "unit",
            "--out",
            out,
            "--no-cache");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.unwrappedOut())
        .contains("a coverage of 0.9 needs at least 9 held-out examples, found 8");
    assertThat(Commands.run("predict", out, folder.resolve("data/test")).out())
        .doesNotContain("set:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "90", "NaN"})
  void train_impossibleCoverage_isUsageError(String coverage) {
    Outcome outcome =
        Commands.run(
            "train",
            folder.resolve("data"),
            "--backbone",
            folder.resolve("backbone.onnx"),
            "--preprocessing",
            "unit",
            "--out",
            folder.resolve("none"),
            "--coverage",
            coverage);
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("the coverage must be above 0 and below 1, such as 0.9");
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void predict_knownKind_showsTheSet() {
    Outcome outcome = Commands.run("predict", model, folder.resolve("data/test/red/1.bmp"));
    assertThat(outcome.out()).contains("80 % set: red").doesNotContain("unlike");
  }

  @Test
  void predict_onTerminal_fitsItsWidth() {
    Terminal terminal = new Terminal(true, true, false, false, 70);
    Outcome outcome =
        Commands.run(
            terminal,
            InputStream.nullInputStream(),
            "predict",
            model,
            folder.resolve("data/test/red/1.bmp"));
    assertThat(outcome.outLines())
        .hasSize(1)
        .allSatisfy(line -> assertThat(line).contains("set: red").hasSizeLessThan(70));
  }

  @Test
  void predict_anotherKind_saysThatItIsUnlikeTheTrainingData() throws IOException {
    Path larger = trainOnMoreImages();
    Path strange = blackAndWhite();
    // Farther than all of 60 images, of 61 with itself.
    assertThat(Commands.run("predict", larger, strange).out())
        .contains("unlike the training data (farther than 98.3 % of it)");
    JsonNode json = MAPPER.readTree(Commands.run("predict", larger, strange, "--json").out());
    assertThat(json.at("/training_distance/unlike").asBoolean()).isTrue();
    assertThat(json.at("/training_distance/farther_than").asDouble()).isEqualTo(60 / 61.0);
    assertThat(json.at("/training_distance/distance").asDouble()).isPositive();
    assertThat(json.at("/set/coverage").asDouble()).isEqualTo(0.9);
    assertThat(json.at("/set/labels/0").asText()).isEqualTo(json.path("label").asText());
  }

  @Test
  void predict_damagedFeatures_isModelErrorThatNamesTheFile() throws IOException {
    Path copy = Files.createDirectories(folder.resolve("damaged"));
    for (String name : new String[] {"model.onnx", "config.json"}) {
      Files.copy(model.resolve(name), copy.resolve(name));
    }
    byte[] features = Files.readAllBytes(model.resolve("training-features.bin"));
    ByteBuffer.wrap(features).putInt(8, -1);
    Files.write(copy.resolve("training-features.bin"), features);
    Path image = folder.resolve("data/test/red/1.bmp");
    Outcome outcome = Commands.run("predict", copy, image);
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.MODEL);
    assertThat(outcome.err())
        .contains("training-features.bin is not usable: its header tells -1 examples")
        .doesNotContain("\tat ");
    Files.delete(copy.resolve("training-features.bin"));
    assertThat(Commands.run("predict", copy, image).exitCode()).isZero();
  }

  /** Thirty images of each class, of the same kind. */
  private static Path trainOnMoreImages() throws IOException {
    Path data = folder.resolve("more");
    SplittableRandom random = new SplittableRandom(9);
    for (String label : new String[] {"blue", "red"}) {
      Files.createDirectories(data.resolve(label));
      byte[] bytes =
          Files.readAllBytes(folder.resolve("data/test").resolve(label).resolve("1.bmp"));
      int bright = label.equals("blue") ? 0 : 2;
      for (int i = 0; i < 30; i++) {
        for (int place = HEADER; place < bytes.length; place++) {
          boolean isBright = (place - HEADER) % 3 == bright;
          bytes[place] = (byte) ((isBright ? 128 : 0) + random.nextInt(100));
        }
        Files.write(data.resolve(label).resolve(i + ".bmp"), bytes);
      }
    }
    Path out = folder.resolve("larger");
    Outcome outcome =
        Commands.run(
            "train",
            data,
            "--backbone",
            folder.resolve("backbone.onnx"),
            "--preprocessing",
            "unit",
            "--out",
            out,
            "--no-cache");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return out;
  }

  /** A chess board of single pixels, unlike the noise of one colour that was trained on. */
  private static Path blackAndWhite() throws IOException {
    Path strange = folder.resolve("strange.bmp");
    byte[] bytes = Files.readAllBytes(folder.resolve("data/test/red/1.bmp"));
    int side = (int) Math.sqrt((bytes.length - HEADER) / 3.0);
    for (int i = 0; i < side * side; i++) {
      byte value = (byte) ((i / side + i % side) % 2 == 0 ? 255 : 0);
      java.util.Arrays.fill(bytes, HEADER + 3 * i, HEADER + 3 * i + 3, value);
    }
    return Files.write(strange, bytes);
  }
}

package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.Commands.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Train once on generated images; then predict, evaluate and inspect what came out. */
class TrainedModelTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir static Path folder = Path.of(".");
  private static Outcome training = new Outcome(-1, "", "");
  private static Path model = Path.of(".");
  private static Path data = Path.of(".");

  @BeforeAll
  static void train() throws IOException {
    Path broken = folder.resolve("data/train/red/broken.png");
    Files.createDirectories(broken.getParent());
    Files.write(broken, new byte[] {1, 2, 3});
    training = Commands.train(folder);
    model = folder.resolve("model");
    data = folder.resolve("data");
  }

  // --- train -------------------------------------------------------------------------------------

  @Test
  void train_generatedImages_summarisesDataFiguresAndPlace() {
    assertThat(training.exitCode()).as(training.err()).isZero();
    assertThat(training.unwrappedOut())
        .contains("train 8 (blue 4, red 4)", "validation 8 (blue 4, red 4)")
        .contains("test 8 (blue 4, red 4)")
        .contains("Left out: 1 file", "broken.png")
        .contains("strategy head, head linear", "backbone frozen")
        .contains("Test 100.0 % right (8 of 8; 95 % interval 67.6 % to 100.0 %)")
        .contains("same probabilities in ONNX Runtime")
        .contains("graft predict " + CommandText.quoted(model.toString()));
  }

  @Test
  void train_withoutTerminal_reportsPhasesOnPlainLines() {
    assertThat(training.err()).contains("Reading ", "Loading ").doesNotContain("\u001b[", "\r");
  }

  @Test
  void train_always_leavesWholeBundleAndNothingElse() throws IOException {
    for (String file :
        List.of(
            "model.onnx",
            "config.json",
            "preprocessor_config.json",
            "README.md",
            "report.html",
            "metrics.json",
            "provenance.json",
            "fixes.csv",
            "examples/expected.json")) {
      assertThat(model.resolve(file)).isNotEmptyFile();
    }
    try (var siblings = Files.list(folder)) {
      assertThat(siblings.map(path -> path.getFileName().toString()).toList())
          .contains("model", "data", "backbone.onnx", "cache")
          .noneMatch(name -> name.contains("checkpoint") || name.startsWith(".model"));
    }
    JsonNode metrics = MAPPER.readTree(model.resolve("metrics.json").toFile());
    assertThat(metrics.at("/test/accuracy").asDouble()).isEqualTo(1);
    assertThat(metrics.at("/test/examples").asInt()).isEqualTo(8);
  }

  @Test
  void train_asJson_writesOneObjectWithFigures() throws IOException {
    Path out = folder.resolve("model of json");
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
            "--no-cache",
            "--head",
            "4",
            "--epochs",
            "2",
            "--seed",
            "7",
            "--json");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    JsonNode json = MAPPER.readTree(outcome.out());
    assertThat(json.path("out").asText()).isEqualTo(out.toString());
    assertThat(json.path("head").asText()).isEqualTo("4");
    assertThat(json.path("seed").asLong()).isEqualTo(7);
    assertThat(json.at("/test/examples").asInt()).isEqualTo(8);
    assertThat(json.at("/parity/largest_difference").asDouble()).isLessThan(0.02);
    assertThat(json.at("/left_out/0/file").asText()).endsWith("broken.png");
  }

  @Test
  void train_freshWeights_areTrainedAndNamed() {
    Outcome outcome =
        Commands.run(
            "train",
            data,
            "--backbone",
            folder.resolve("backbone.onnx"),
            "--preprocessing",
            "unit",
            "--out",
            folder.resolve("fresh"),
            "--no-cache",
            "--weights",
            "fresh");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
  }

  @Test
  void train_intoTrainedModel_isRefusedUnlessOverwriting() {
    Path backbone = folder.resolve("backbone.onnx");
    Path out = folder.resolve("replaced");
    Object[] arguments = {
      "train", data, "--backbone", backbone, "--preprocessing", "unit", "--out", out, "--no-cache"
    };
    assertThat(Commands.run(arguments).exitCode()).isZero();
    Outcome refused = Commands.run(arguments);
    assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err()).contains("a trained model is there already").contains("--overwrite");
    Object[] overwriting = java.util.Arrays.copyOf(arguments, arguments.length + 1);
    overwriting[arguments.length] = "--overwrite";
    assertThat(Commands.run(overwriting).exitCode()).isZero();
  }

  // --- predict -----------------------------------------------------------------------------------

  @Test
  void predict_filesAndFolders_givesRowForEachImage() {
    Outcome outcome = Commands.run("predict", model, data.resolve("test"));
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.outLines())
        .hasSize(8)
        .allSatisfy(
            line -> assertThat(line).matches(".*/(blue|red)/[0-3]\\.bmp +(blue|red).* %.*"));
  }

  @Test
  void predict_asJson_givesObjectForEachInputWithRankedLabels() throws IOException {
    Path image = data.resolve("test/red/1.bmp");
    Path missing = folder.resolve("missing.jpg");
    Outcome outcome = Commands.run("predict", model, image, missing, "--json", "--top", "2");
    assertThat(outcome.exitCode()).isZero();
    List<String> lines = outcome.outLines();
    assertThat(lines).hasSize(2);
    JsonNode error = MAPPER.readTree(lines.get(0));
    assertThat(error.path("file").asText()).isEqualTo(missing.toString());
    assertThat(error.path("error").asText()).contains("no such file");
    JsonNode found = MAPPER.readTree(lines.get(1));
    assertThat(found.path("file").asText()).isEqualTo(image.toString());
    assertThat(found.path("label").asText()).isEqualTo("red");
    assertThat(found.path("top")).hasSize(2);
    assertThat(found.at("/top/0/label").asText()).isEqualTo("red");
    double sum =
        found.at("/top/0/probability").asDouble() + found.at("/top/1/probability").asDouble();
    assertThat(sum).isCloseTo(1, within(1e-5));
  }

  @Test
  void predict_standardInput_readsOneImage() throws IOException {
    byte[] image = Files.readAllBytes(data.resolve("test/blue/0.bmp"));
    Outcome outcome = Commands.runWithInput(image, "predict", model, "-", "--top", "1");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).startsWith("(standard input)").contains("blue").doesNotContain("red");
  }

  @Test
  void predict_damagedAmongGood_namesAndCountsTheDamaged() throws IOException {
    Path damaged = folder.resolve("damaged.png");
    Files.writeString(damaged, "no image");
    Outcome outcome = Commands.run("predict", model, damaged, data.resolve("test/red/0.bmp"));
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.outLines()).hasSize(1);
    assertThat(outcome.err()).contains("Left out: 1 file").contains("damaged.png");
  }

  @Test
  void predict_nothingReadable_isDataError() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    Outcome outcome = Commands.run("predict", model, empty, folder.resolve("nowhere"));
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.DATA);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).contains("no image that it could read").contains("nowhere");
  }

  @Test
  void predict_emptyStandardInput_isDataError() {
    Outcome outcome = Commands.run("predict", model, "-");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.DATA);
    assertThat(outcome.err()).contains("(standard input)");
  }

  @Test
  void predict_namesThatSteerTerminals_areMadeHarmless() throws IOException {
    Path hostile = folder.resolve("evil\u001b[31m.bmp");
    Files.copy(data.resolve("test/red/0.bmp"), hostile);
    Outcome outcome = Commands.run("predict", model, hostile);
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).doesNotContain("\u001b").contains("evil\\u001b[31m.bmp");
  }

  @Test
  void predict_nonAsciiName_isShownAsItIs() throws IOException {
    Path image = folder.resolve("Ameise-größer-蟻.bmp");
    Files.copy(data.resolve("test/red/0.bmp"), image);
    assertThat(Commands.run("predict", model, image).out()).contains("Ameise-größer-蟻.bmp");
  }

  @Test
  void predict_onTerminal_cutsNamesToItsWidth() {
    Terminal terminal = new Terminal(true, true, false, false, 60);
    Outcome outcome =
        Commands.run(
            terminal, InputStream.nullInputStream(), "predict", model, data.resolve("test"));
    assertThat(outcome.outLines())
        .hasSize(8)
        .allSatisfy(line -> assertThat(line).hasSizeLessThan(60));
  }

  // --- evaluate ----------------------------------------------------------------------------------

  @Test
  void evaluate_dataWithTestPart_measuresThatPart() {
    Outcome outcome = Commands.run("evaluate", model, data);
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .contains("(test part)", "8 of 8 examples right", "confusion", "precision");
  }

  @Test
  void evaluate_zipOfClasses_measuresAllAndCountsDamaged() throws IOException {
    Path archive = zip(data.resolve("train"), folder.resolve("train.zip"));
    Outcome outcome = Commands.run("evaluate", model, archive, "--json");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    JsonNode json = MAPPER.readTree(outcome.out());
    assertThat(json.path("part").asText()).isEqualTo("all");
    assertThat(json.path("examples").asInt()).isEqualTo(8);
    assertThat(json.path("accuracy").asDouble()).isBetween(0.5, 1.0);
    assertThat(json.path("accuracy_interval")).hasSize(2);
    assertThat(json.path("balanced_accuracy").isNumber()).isTrue();
    assertThat(json.path("log_loss").isNumber()).isTrue();
    assertThat(json.path("per_class")).hasSize(2);
    assertThat(json.path("confusion")).hasSize(2);
    assertThat(json.at("/left_out/0/file").asText()).contains("broken.png");
    assertThat(outcome.err()).contains("Left out: 1 file");
  }

  @Test
  void evaluate_partByName_measuresIt() {
    assertThat(Commands.run("evaluate", model, data, "--part", "validation").out())
        .contains("(validation part)");
    assertThat(Commands.run("evaluate", model, data, "--part", "all").out())
        .contains("(all parts)", "of 24 examples right");
  }

  @Test
  void evaluate_missingPart_isDataErrorThatNamesTheParts() throws IOException {
    Path classes = folder.resolve("only-classes");
    copyClass("red", classes);
    Outcome outcome = Commands.run("evaluate", model, classes, "--part", "test");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.DATA);
    assertThat(outcome.err()).contains("the part \"test\" holds no examples").contains("train");
  }

  @Test
  void evaluate_unknownClass_isDataErrorThatNamesIt() throws IOException {
    Path strange = folder.resolve("strange");
    copyClass("red", strange);
    Files.move(strange.resolve("red"), strange.resolve("green"));
    Outcome outcome = Commands.run("evaluate", model, strange);
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.DATA);
    assertThat(outcome.err()).contains("does not know the class green; it knows blue, red");
  }

  @Test
  void evaluate_soundOnImageModel_isDataError() throws IOException {
    Path sounds = folder.resolve("sounds");
    for (String label : List.of("blue", "red")) {
      Files.createDirectories(sounds.resolve(label));
      Files.write(
          sounds.resolve(label).resolve("a.wav"),
          "RIFF....WAVE".getBytes(StandardCharsets.US_ASCII));
    }
    Outcome outcome = Commands.run("evaluate", model, sounds);
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.DATA);
    assertThat(outcome.err()).contains("the model takes image data").contains("audio");
  }

  // --- inspect -----------------------------------------------------------------------------------

  @Test
  void inspect_bundle_showsClassesFiguresAndOrigin() throws IOException {
    Outcome outcome = Commands.run("inspect", model);
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .contains(
            "Classes        2: blue, red", "Backbone       backbone", "Test", "100.0 %", "seed");
    JsonNode json = MAPPER.readTree(Commands.run("inspect", model, "--json").out());
    assertThat(json.at("/labels/0").asText()).isEqualTo("blue");
    assertThat(json.at("/metrics/test/examples").asInt()).isEqualTo(8);
    assertThat(json.at("/provenance/seed").asInt()).isEqualTo(42);
  }

  private static void copyClass(String label, Path to) throws IOException {
    Files.createDirectories(to.resolve(label));
    for (int i = 0; i < 2; i++) {
      Path source = data.resolve("test").resolve(label).resolve(i + ".bmp");
      Files.copy(source, to.resolve(label).resolve(i + ".bmp"));
    }
  }

  private static Path zip(Path source, Path archive) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(archive));
        var files = Files.walk(source)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        out.putNextEntry(new ZipEntry(source.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
    return archive;
  }
}

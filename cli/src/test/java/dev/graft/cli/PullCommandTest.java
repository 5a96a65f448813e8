package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.Commands.Outcome;
import dev.graft.data.image.ImagePreprocessing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code graft pull} from a hub on the loopback interface. */
class PullCommandTest {
  private static final String ID = "someone/tiny";

  @TempDir Path folder = Path.of(".");
  private LoopbackHub hub = open();

  private static LoopbackHub open() {
    try {
      return new LoopbackHub();
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  @BeforeEach
  void fill() throws IOException {
    Path model = RehearsalData.writeBackbone(folder.resolve("backbone.onnx"));
    hub.with(ID, "onnx/model.onnx", Files.readAllBytes(model))
        .with(ID, "onnx/model_fp16.onnx", new byte[] {1, 2, 3})
        .with(ID, "config.json", bytes("{\"model_type\":\"tiny\"}"))
        .with(
            ID,
            "preprocessor_config.json",
            bytes(ImagePreprocessing.preset("unit", 32, 32).toJson()))
        .with(ID, "README.md", bytes("---\nlicense: mit\n---\n# Tiny\n\nSees colours.\n"));
  }

  @AfterEach
  void close() {
    hub.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Outcome run(Object... arguments) {
    return Commands.runIn(
        Map.of("HF_ENDPOINT", hub.address(), "HF_HUB_CACHE", folder.resolve("hub").toString()),
        arguments);
  }

  private Path snapshot() {
    return folder.resolve("hub/models--someone--tiny/snapshots/" + LoopbackHub.COMMIT);
  }

  @Test
  void pull_model_tellsPlaceFilesLicenceAndUse() {
    Outcome outcome = run("pull", ID);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("Model          someone/tiny at commit " + LoopbackHub.COMMIT)
        .contains("Folder         " + snapshot())
        .contains("onnx/model.onnx is taken of 2 ONNX files")
        .contains("Model card     # Tiny")
        .contains("Sees colours.")
        .contains("Licence        mit")
        .contains("graft train DATA --backbone hf:someone/tiny --out FOLDER");
    assertThat(outcome.err()).contains("Pulling someone/tiny ...").contains("4 files, ");
    assertThat(snapshot().resolve("onnx/model.onnx")).isRegularFile();
  }

  @Test
  void pull_json_isOneObject() throws IOException {
    Outcome outcome = run("pull", ID + "@main", "--json");
    JsonNode json = new ObjectMapper().readTree(outcome.out());
    assertThat(json.path("id").asText()).isEqualTo(ID);
    assertThat(json.path("licence").asText()).isEqualTo("mit");
    assertThat(json.path("files")).hasSize(4);
    assertThat(json.path("onnx_file").asText()).isEqualTo("onnx/model.onnx");
    assertThat(json.path("backbone").asText()).isEqualTo("hf:" + ID);
  }

  @Test
  void pull_offline_asksNobody() {
    assertThat(run("pull", ID).exitCode()).isZero();
    long before = hub.requests();
    Outcome outcome = run("pull", ID, "--offline");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(hub.requests()).isEqualTo(before);
    Outcome missing = run("pull", "no/body", "--offline");
    assertThat(missing.exitCode()).isEqualTo(ExitCode.MODEL);
    assertThat(missing.err()).contains("graft: error: Looking for no/body offline");
  }

  @Test
  void pull_noId_isUsageError() {
    Outcome outcome = run("pull", "../../etc/passwd");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("org/name is expected");
  }

  @Test
  void pull_modelWithoutOnnxFile_isModelError() {
    Outcome outcome = run("pull", "no/body");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.MODEL);
    assertThat(outcome.err()).contains("an ONNX file is expected, but it has none");
  }

  @Test
  void pull_noHub_isEnvironmentError() {
    Outcome outcome = run("pull", ID, "--endpoint", "nonsense");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("an address such as https://huggingface.co is expected");
  }

  // --- as a backbone -----------------------------------------------------------------------------

  @Test
  void train_backboneOfHub_isPulledOnceAndNotedInProvenance() throws IOException {
    Path data = RehearsalData.writeImages(folder.resolve("data"));
    Outcome first = train(data, "first");
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.err())
        .contains("Pulling someone/tiny", "Pulled someone/tiny: licence mit; its model card: ");
    long requests = hub.requests();
    Outcome second = train(data, "second");
    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(second.err()).doesNotContain("Pull");
    assertThat(hub.requests()).isEqualTo(requests);

    JsonNode backbone =
        new ObjectMapper()
            .readTree(folder.resolve("first/provenance.json").toFile())
            .path("backbone");
    assertThat(backbone.path("id").asText()).isEqualTo(ID);
    assertThat(backbone.path("revision").asText()).isEqualTo(LoopbackHub.COMMIT);
    assertThat(backbone.path("licence").asText()).isEqualTo("mit");
    assertThat(backbone.path("files").path("onnx/model.onnx").asText())
        .isEqualTo(backbone.path("sha256").asText());
    assertThat(backbone.path("files").size()).isEqualTo(4);
    assertThat(folder.resolve("first/README.md"))
        .content()
        .contains("license: mit", "base_model: \"someone/tiny\"");
  }

  private Outcome train(Path data, String out) {
    return run(
        "train",
        data,
        "--backbone",
        "hf:" + ID,
        "--out",
        folder.resolve(out),
        "--strategy",
        "head",
        "--no-cache");
  }

  @Test
  void inspect_backboneOfHub_isPulledAndShown() {
    Outcome outcome = run("inspect", "hf:" + ID);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("Takes          images", "graft train DATA --backbone hf:someone/tiny --out");
  }

  @Test
  void train_backboneOfHubWithBadId_isUsageError() {
    Outcome outcome = run("train", folder, "--backbone", "hf:a/b/c", "--out", "x");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("--backbone", "org/name is expected");
  }

  // --- trained models ----------------------------------------------------------------------------

  @Test
  void pull_trainedModel_hasAllItsFilesAndPredictsTheSame() throws IOException {
    Path trained = folder.resolve("model");
    assertThat(Commands.train(folder).exitCode()).isZero();
    try (Stream<Path> files = Files.walk(trained)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = trained.relativize(file).toString().replace('\\', '/');
        hub.with("someone/trained", name, Files.readAllBytes(file));
      }
    }
    Outcome outcome = run("pull", "someone/trained");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    Path pulled = folder.resolve("hub/models--someone--trained/snapshots/" + LoopbackHub.COMMIT);
    assertThat(outcome.out()).contains("Use it         graft predict " + pulled + " FILE");
    try (Stream<Path> files = Files.walk(trained)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(pulled.resolve(trained.relativize(file))).hasSameBinaryContentAs(file);
      }
    }
    Path photo = folder.resolve("data/test/red/0.bmp");
    Outcome original = run("predict", trained, photo, "--json");
    assertThat(original.exitCode()).as(original.err()).isZero();
    assertThat(run("predict", pulled, photo, "--json").out()).isEqualTo(original.out());
    Path next = folder.resolve("next");
    Outcome asBackbone =
        run(
            "train",
            folder.resolve("data"),
            "--backbone",
            "hf:someone/trained",
            "--no-cache",
            "--out",
            next);
    assertThat(asBackbone.exitCode()).as(asBackbone.err()).isZero();
    assertThat(next.resolve("provenance.json")).content().contains("someone/trained");
  }
}

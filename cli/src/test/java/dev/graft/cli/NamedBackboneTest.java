package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.Commands.Outcome;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.zoo.BundledBackbone;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backbones named by a folder, by the id of one that comes with Graft, or not at all. */
class NamedBackboneTest {
  private static final String BUNDLED = "graft/photo-small";

  @TempDir Path folder = Path.of(".");

  private Path cache() {
    return folder.resolve("cache");
  }

  private Path out() {
    return folder.resolve("model");
  }

  private Path data() {
    return RehearsalData.writeImages(folder.resolve("data"));
  }

  private Path backboneFolder() throws IOException {
    Path place = Files.createDirectories(folder.resolve("my backbone"));
    RehearsalData.writeBackbone(place.resolve("model.onnx"));
    Files.writeString(
        place.resolve("preprocessor_config.json"),
        ImagePreprocessing.preset("unit", 32, 32).toJson());
    Files.writeString(place.resolve("config.json"), "{\"id\": \"someone/tiny\"}");
    return place;
  }

  private String backboneOfResult() throws IOException {
    JsonNode config = new ObjectMapper().readTree(out().resolve("config.json").toFile());
    return config.at("/backbone/id").asText();
  }

  private static void assumeBundled() {
    assumeTrue(BundledBackbone.PHOTO_SMALL.isPresent(), "this build holds no backbone");
  }

  // --- folders -------------------------------------------------------------------------------

  @Test
  void train_backboneFolder_needsNoFurtherOptionAndIsCalledByItsId() throws IOException {
    Outcome outcome =
        Commands.run(
            "train", data(), "--backbone", backboneFolder(), "--out", out(), "--cache", cache());
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.unwrappedOut()).contains("Trained someone/tiny, strategy head");
    assertThat(backboneOfResult()).isEqualTo("someone/tiny");
    assertThat(outcome.err()).doesNotContain("comes with Graft");
  }

  @Test
  void inspect_backboneFolder_showsItsNetworkAndHowToUseIt() throws IOException {
    Path place = backboneFolder();
    Outcome outcome = Commands.run("inspect", place);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("Head           linear layer classifier.weight")
        .contains("graft train DATA --backbone '" + place + "' --out FOLDER");
    assertThat(Commands.run("inspect", place, "--passes").out()).contains("Before training");
  }

  @Test
  void train_folderWithoutModel_isModelError() throws IOException {
    Path data = data();
    Outcome outcome = Commands.run("train", data, "--backbone", data, "--out", out());
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.MODEL);
    assertThat(outcome.err()).contains("graft: error: ", "model.onnx in it is expected");
  }

  @Test
  void train_trainedModelAsBackbone_goesOnFromIt() throws IOException {
    assertThat(Commands.train(folder).exitCode()).isZero();
    Path next = folder.resolve("next");
    Outcome outcome =
        Commands.run("train", data(), "--backbone", out(), "--out", next, "--no-cache");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.unwrappedOut())
        .contains("Trained " + out().getFileName(), "the same probabilities in ONNX Runtime");
  }

  // --- what comes with Graft -----------------------------------------------------------------

  @Test
  void train_soundWithoutBackbone_takesTheBundledOneOfSound() throws IOException {
    assumeBundled();
    Path sounds = folder.resolve("sounds");
    for (String label : List.of("yes", "no")) {
      Path file = sounds.resolve(label).resolve("a.wav");
      Files.createDirectories(file.getParent());
      Files.write(file, "RIFF....WAVEfmt ".getBytes(StandardCharsets.US_ASCII));
    }
    Outcome outcome = Commands.run("train", sounds, "--out", out(), "--cache", cache());
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.DATA);
    assertThat(outcome.err())
        .contains("Backbone: graft/speech-small, which comes with Graft", "2 usable examples");
  }

  @Test
  void train_textsWithoutBackbone_takesTheBundledOneOfTexts() throws IOException {
    Path texts = folder.resolve("texts");
    List<String> some = List.of("my card was stolen", "where is the card", "the card is lost");
    List<String> others = List.of("play a song", "louder music please", "turn the volume up");
    for (int i = 0; i < 3; i++) {
      Path first = texts.resolve("card").resolve(i + ".txt");
      Path second = texts.resolve("music").resolve(i + ".txt");
      Files.createDirectories(first.getParent());
      Files.createDirectories(second.getParent());
      Files.writeString(first, some.get(i));
      Files.writeString(second, others.get(i));
    }
    Outcome outcome =
        Commands.run("train", texts, "--strategy", "head", "--out", out(), "--cache", cache());
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.err()).contains("Backbone: graft/text-small, which comes with Graft");
    Path text = Files.writeString(folder.resolve("new.txt"), "someone has taken my card");
    assertThat(Commands.run("predict", out(), text).out()).contains("card");
  }

  @Test
  void train_noBackboneNamed_takesTheBundledOneAndSaysSo() throws IOException {
    assumeBundled();
    Outcome outcome = Commands.run("train", data(), "--out", out(), "--cache", cache());
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.err())
        .contains(
            "Backbone: graft/photo-small, which comes with Graft (200 everyday classes at 64"
                + " pixels); --backbone FILE takes another.");
    assertThat(backboneOfResult()).isEqualTo(BUNDLED);
    assertThat(cache().resolve("backbones")).isNotEmptyDirectory();
  }

  @Test
  void train_bundledOneNamed_takesItAndSaysNothing() throws IOException {
    assumeBundled();
    Outcome outcome =
        Commands.run("train", data(), "--backbone", BUNDLED, "--out", out(), "--cache", cache());
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.err()).doesNotContain("comes with Graft");
    assertThat(backboneOfResult()).isEqualTo(BUNDLED);
  }

  @Test
  void train_cacheCannotBeWritten_isEnvironmentError() throws IOException {
    assumeBundled();
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    Outcome outcome = Commands.run("train", data(), "--out", out(), "--cache", file);
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(outcome.err()).contains("Unpacking the backbone graft/photo-small", "GRAFT_CACHE");
  }

  @Test
  void inspect_bundledOne_showsItsNetwork() {
    assumeBundled();
    Outcome outcome = Commands.run("inspect", BUNDLED);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("Takes          images", "--backbone graft/photo-small --out");
  }
}

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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code graft advise} on recordings: generated tones, and some of the reference data. */
class AdviseSoundsTest {
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

  private static void assertRefused(Outcome outcome, int exitCode, String... words) {
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(exitCode);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).contains("graft: error: ").contains(words).doesNotContain("\tat ");
  }

  @Test
  void advise_recordings_ranksBackbonesOfSoundBesideMelBands() throws IOException {
    Path data = ToneData.writeMelodies(folder.resolve("melodies"), 10);
    Path encoder = ChimeData.writeEncoder(folder.resolve("ears.onnx"));

    Outcome outcome =
        advise(
            data,
            "--backbone",
            encoder,
            "--front-end",
            "google-speech-embedding/1",
            "--budget",
            "1s");

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.unwrappedOut())
        .contains("20 training recordings (falling 10, rising 10)")
        .contains(" graft/speech-small ", " ears ")
        .contains("a logistic regression on mean and", "deviation of mel bands")
        .contains("a head on the same network with fresh")
        .contains("a small network trained from scratch")
        .contains("ms: one recording on this machine")
        .doesNotContain("image");
    assertThat(outcome.unwrappedOut()).contains("graft train " + data);
  }

  /** A network of images is a candidate where it may see spectrograms, and the command says so. */
  @Test
  void advise_networkOfImages_isRefusedUnlessItMaySeeSpectrograms() throws IOException {
    Path data = ToneData.write(folder.resolve("tones"), 6);
    Path many = Files.createDirectories(folder.resolve("many"));
    Path eyes = RehearsalData.writeBackbone(many.resolve("eyes.onnx"));

    assertRefused(
        advise(data, "--backbone", eyes),
        ExitCode.DATA,
        "Training eyes on ",
        "the backbone takes images, but the data are audio",
        "or let it see spectrograms of the sound with --as-image.");
    assertThat(
            json(advise(data, "--backbones", many, "--budget", "none", "--json"))
                .path("left_out_backbones")
                .toString())
        .contains("Training eyes on ", "--as-image");

    JsonNode seen =
        json(
            advise(
                data,
                "--backbones",
                many,
                "--as-image",
                "--preprocessing",
                "unit",
                "--budget",
                "none",
                "--json"));

    assertThat(seen.path("backbones").findValuesAsText("id"))
        .containsExactlyInAnyOrder("graft/speech-small", "eyes");
    String best = seen.at("/backbones/0/id").asText();
    String command = seen.path("command").asText();
    assertThat(command.contains("--as-image")).isEqualTo(best.equals("eyes"));
    assertThat(command.contains("--preprocessing unit")).isEqualTo(best.equals("eyes"));
  }

  @Test
  void advise_encoderWithoutFrontEnd_isUsageErrorThatSaysHowToTellIt() throws IOException {
    Path data = ToneData.write(folder.resolve("tones"), 2);
    Path encoder = ChimeData.writeEncoder(folder.resolve("ears.onnx"));

    assertRefused(advise(data, "--backbone", encoder), ExitCode.USAGE, "--front-end", "ast/1");
    assertRefused(
        advise(data, "--backbone", encoder, "--front-end", "my-own/1"), ExitCode.USAGE, "my-own/1");
  }

  @Test
  void advise_damagedRecordings_areNamedAndLeftOut() throws IOException {
    Path data = ToneData.write(folder.resolve("tones"), 5);
    Path file = data.resolve("train/tone0/3.wav");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 40));

    JsonNode json = json(advise(data, "--budget", "none", "--json"));

    assertThat(json.at("/data/examined").asInt()).isEqualTo(9);
    assertThat(json.at("/data/left_out/0/file").asText()).contains("tone0/3.wav");
  }

  @Test
  void advise_recordingsThatAreNone_isDataError() throws IOException {
    Path sounds = folder.resolve("sounds");
    for (String label : List.of("yes", "no")) {
      for (String name : List.of("a.wav", "b.wav")) {
        Path file = sounds.resolve(label).resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "RIFF....WAVEfmt " + label + name);
      }
    }
    assertRefused(advise(sounds), ExitCode.DATA, "a.wav");
  }

  @Test
  @Tag("reference-data")
  void advise_spokenDigits_findsBackbonesOfSpeechAheadOfMelBands() throws IOException {
    Path shared = Path.of(System.getProperty("graft.shared", "absent"));
    assumeTrue(Files.isDirectory(shared.resolve("models")), "reference data absent: " + shared);

    JsonNode json =
        json(
            advise(
                shared.resolve("data/spoken-digits.zip"),
                "--backbone",
                shared.resolve("models/speech-embedding.onnx"),
                "--examples",
                "150",
                "--budget",
                "none",
                "--json"));

    assertThat(json.path("verdict").asText()).isEqualTo("transfer_helps");
    assertThat(json.at("/data/kind").asText()).isEqualTo("audio");
    assertThat(json.at("/backbones/0/accuracy").asDouble()).isGreaterThan(0.9);
    assertThat(json.at("/backbones")).hasSize(2);
    assertThat(json.at("/baselines/0/kind").asText()).isEqualTo("mel_bands");
    assertThat(json.at("/baselines/0/accuracy").asDouble()).isBetween(0.7, 0.95);
  }
}

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on recordings: pre-trained, trained, predicted, evaluated; and what is refused. */
class SoundCommandsTest {
  @TempDir Path folder = Path.of(".");
  private Path data = Path.of(".");

  @BeforeEach
  void writeData() throws IOException {
    data = ToneData.write(folder.resolve("tones"), 12);
  }

  private Outcome pretrain(Object... further) {
    return run(
        new Object[] {
          "pretrain",
          data,
          "--out",
          folder.resolve("ears"),
          "--widths",
          "8,8,8,8",
          "--epochs",
          "6",
          "--batch-size",
          "4",
          "--window",
          "0.5",
          "--averaging",
          "0",
          "--augment",
          "gain=3"
        },
        further);
  }

  private static Outcome run(Object[] first, Object... further) {
    Object[] all = java.util.Arrays.copyOf(first, first.length + further.length);
    System.arraycopy(further, 0, all, first.length, further.length);
    return Commands.run(all);
  }

  private Outcome train(Object... further) {
    return run(
        new Object[] {
          "train",
          data,
          "--backbone",
          folder.resolve("ears"),
          "--out",
          folder.resolve("model"),
          "--no-cache",
          "--strategy",
          "head"
        },
        further);
  }

  @Test
  void recordings_fromFreshWeightsToPredictions_everyCommandTakesThem() throws IOException {
    Outcome pretrained = pretrain();
    assertThat(pretrained.exitCode()).as(pretrained.err()).isZero();
    assertThat(pretrained.unwrappedOut()).contains("2 classes", "same logits in ONNX Runtime");

    Outcome trained = train("--window", "0.4", "--views", "2", "--augment", "noise=20,shift=0.1");
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(trained.unwrappedOut()).contains("the saved file gives the same probabilities");
    JsonNode described =
        new ObjectMapper().readTree(folder.resolve("model/preprocessor_config.json").toFile());
    assertThat(described.path("sampling_rate").asInt()).isEqualTo(16_000);
    assertThat(described.toString()).contains("6400");

    Outcome evaluated = Commands.run("evaluate", folder.resolve("model"), data, "--json");
    assertThat(evaluated.exitCode()).as(evaluated.err()).isZero();
    assertThat(new ObjectMapper().readTree(evaluated.out()).path("accuracy").asDouble())
        .isGreaterThan(0.8);

    explainsRecordings();
    Files.writeString(data.resolve("test/tone1/notes.wav"), "no recording");
    Outcome predicted =
        Commands.run("predict", folder.resolve("model"), data.resolve("test/tone1"), "--json");
    assertThat(predicted.exitCode()).as(predicted.err()).isZero();
    assertThat(predicted.outLines()).hasSize(13);
    assertThat(predicted.out()).contains("notes.wav").contains("\"tone1\"");
  }

  private void explainsRecordings() throws IOException {
    Path model = folder.resolve("model");
    Path one = data.resolve("test/tone1/3.wav");
    Path out = folder.resolve("why.png");
    Outcome explained = Commands.run("explain", model, one, "--out", out);
    assertThat(explained.exitCode()).as(explained.err()).isZero();
    assertThat(explained.unwrappedOut())
        .contains("3.wav: tone", "all of the recording, 0.3", "in the middle of a window of 0.40 s")
        .contains("places in pitch x", "silencing", "Hz", "Deletion", "other recordings")
        .containsPattern("Most like +the training examples train/tone\\d/\\d+\\.wav")
        .doesNotContain("image", "pixels");
    PixelImage picture =
        new ImageDecoder().decode(new ExampleSource.FileSource(out).read(), "picture");
    assertThat(picture.width()).isGreaterThan(800);

    Path broken = Files.writeString(folder.resolve("broken.wav"), "no sound");
    Outcome several =
        Commands.run("explain", model, one, broken, "--json", "--out", folder.resolve("pictures"));
    assertThat(several.exitCode()).as(several.err()).isZero();
    JsonNode first = new ObjectMapper().readTree(several.outLines().get(0));
    assertThat(first.at("/seen/to_seconds").asDouble())
        .isEqualTo(first.at("/seen/from_seconds").asDouble() + 0.4);
    assertThat(first.at("/seen/highest_hertz").asDouble()).isBetween(7_000.0, 8_000.0);
    assertThat(first.at("/occlusion/patch_seconds").asDouble()).isPositive();
    assertThat(first.at("/grad_cam/values")).hasSize(first.at("/grad_cam/rows/count").asInt());
    assertThat(several.outLines().get(1)).contains("broken.wav", "error");

    Outcome nothing = Commands.run("explain", model, broken, "--out", folder.resolve("n.png"));
    assertThat(nothing.exitCode()).isEqualTo(ExitCode.DATA);
    assertThat(nothing.err()).contains("no recording that it could read", "WAV, FLAC");
  }

  @Test
  void recordings_optionsOfImages_areRefusedWithTheirExitCode() {
    Outcome sized = pretrain("--size", "32");
    assertThat(sized.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(sized.err()).contains("--size and --start-size are for images");
    Outcome flipped = pretrain("--augment", "flip");
    assertThat(flipped.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(flipped.err()).contains("--augment").contains("recordings");
    Outcome other = pretrain("--architecture", "resnet-18");
    assertThat(other.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(other.err()).contains("resnet-18 does not take sound").contains("speech-resnet");
  }

  @Test
  void recordings_backboneOfImages_isDataErrorThatNamesTheWayOut() throws IOException {
    Path images = RehearsalData.writeBackbone(folder.resolve("eyes.onnx"));
    Object[] arguments = {
      "train", data, "--backbone", images, "--preprocessing", "unit", "--out", folder.resolve("m")
    };
    Outcome refused = Commands.run(arguments);
    assertThat(refused.exitCode()).isEqualTo(ExitCode.DATA);
    assertThat(refused.err()).contains("takes images").contains("--as-image");
    Outcome seen = run(arguments, "--as-image", "--strategy", "head", "--no-cache");
    assertThat(seen.exitCode()).as(seen.err()).isZero();
    assertThat(seen.unwrappedOut())
        .containsPattern("Baseline +mel bands")
        .containsPattern("Baseline +graft/speech-small \\d");
    JsonNode metrics = new ObjectMapper().readTree(folder.resolve("m/metrics.json").toFile());
    assertThat(metrics.at("/backbone_of_sound/name").asText()).isEqualTo("graft/speech-small");
    assertThat(metrics.at("/backbone_of_sound/verdict").asText()).isNotEmpty();
    assertThat(metrics.at("/backbone_of_sound/p_value").isNumber()).isTrue();
  }

  @Test
  void predict_modelOfImagesOnRecordings_leavesThemOutByName() throws IOException {
    Outcome trained = Commands.train(folder);
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    Outcome outcome =
        Commands.run("predict", folder.resolve("model"), data.resolve("test/tone0/1.wav"));
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.DATA);
    assertThat(outcome.err()).contains("1.wav");
  }
}

package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.Commands.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code graft pretrain} on generated images. */
class PretrainCommandTest {
  @TempDir Path folder = Path.of(".");
  private Path data = Path.of(".");
  private Path out = Path.of(".");

  @BeforeEach
  void writeData() {
    data = RehearsalData.writeImages(folder.resolve("data"));
    out = folder.resolve("my-backbone");
  }

  private Outcome pretrain(Object... further) {
    Object[] first = {
      "pretrain",
      data,
      "--out",
      out,
      "--widths",
      "8,8,8,8",
      "--size",
      "32",
      "--epochs",
      "2",
      "--batch-size",
      "4",
      "--averaging",
      "0.5"
    };
    Object[] all = Arrays.copyOf(first, first.length + further.length);
    System.arraycopy(further, 0, all, first.length, further.length);
    return Commands.run(all);
  }

  @Test
  void pretrain_images_givesABackboneThatTrainTakes() throws IOException {
    Outcome outcome = pretrain("--name", "test/tiny", "--storage", "fp16", "--input-size", "48");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.unwrappedOut())
        .contains(
            "8 training images in 2 classes",
            "Trained",
            "Validation",
            "same logits in ONNX Runtime",
            "Use it");
    assertThat(outcome.err()).contains("Epoch 2 of 2 at 32 pixels: training loss");
    assertThat(RunChoices.checkpoints(out)).doesNotExist();
    assertThat(out.resolve("README.md")).content().contains("# Image backbone: test/tiny");

    Outcome training =
        Commands.run(
            "train",
            data,
            "--backbone",
            out.resolve("model.onnx"),
            "--out",
            folder.resolve("model"),
            "--no-cache");
    assertThat(training.exitCode()).as(training.err()).isZero();
  }

  @Test
  void pretrain_json_isOneObject() throws IOException {
    Outcome outcome = pretrain("--json");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    JsonNode json = new ObjectMapper().readTree(outcome.out());
    assertThat(json.get("id").asText()).isEqualTo("my-backbone");
    assertThat(json.at("/validation/accuracy").isNumber()).isTrue();
    assertThat(json.get("classes")).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--epochs | 0 | epochs: expected at least 1, found 0",
        "--batch-size | 1 | batch size: expected at least 2, found 1",
        "--start-size | 64 | must rise within 8 to 1024 pixels but go from 64 to 32",
        "--label-smoothing | 1 | label smoothing: expected in [0, 1), found 1.0",
        "--averaging | 1.5 | averaging: expected in [0, 1), found 1.5",
        "--mixup | -1 | MixUp: expected 0 to 10, found -1.0",
        "--warm-up | 5 | warm-up: expected at least 0 and less than the 2 epochs, found 5.0",
        "--optimizer | lbfgs | expected sgd or adamw",
        "--learning-rate | 0 | learning rate must be above 0 but is 0.0",
        "--widths | 8,8 | of 4 stages needs as many widths",
        "--architecture | resnet-19 | resnet-18",
        "--storage | int8 | expected fp32 or fp16",
        "--name | two words | letters, digits and",
        "--checkpoint-every | soon | expected a duration such as 90s"
      })
  void pretrain_valueOutOfRange_isUsageErrorThatNamesIt(String option, String value, String part) {
    Outcome outcome = pretrain(option, value);
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("graft: error: ").contains(part).doesNotContain("\tat ");
    assertThat(out).doesNotExist();
  }

  @Test
  void pretrain_missingData_isDataError() {
    data = folder.resolve("nowhere");
    Outcome outcome = pretrain();
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.DATA);
    assertThat(outcome.err()).contains("nowhere", "there is no such file");
  }

  @Test
  void pretrain_classWithOneImage_isDataErrorThatNamesIt() throws IOException {
    Path lonely = Files.createDirectories(data.resolve("train/lonely"));
    Files.copy(data.resolve("train/red/0.bmp"), lonely.resolve("0.bmp"));
    Outcome outcome = pretrain();
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.DATA);
    assertThat(outcome.err()).contains("lonely", "at least 2 usable examples");
  }

  @Test
  void pretrain_somethingElseInTheFolder_isRefusedBeforeTheWork() throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve("diary.txt"), "dear diary");
    Outcome outcome = pretrain();
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("something that is no trained model is there");
    assertThat(out.resolve("diary.txt")).exists();
  }
}

package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.Commands.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code graft pretrain} on texts, and {@code graft train} on what it gives. */
class PretrainTextsTest {
  private static final List<List<String>> WORDS =
      List.of(
          List.of("bread", "soup", "cheese", "apple"), List.of("violin", "song", "drum", "choir"));

  @TempDir Path folder = Path.of(".");
  private Path data = Path.of(".");

  @BeforeEach
  void writeData() throws IOException {
    data = folder.resolve("texts");
    SplittableRandom random = new SplittableRandom(4);
    for (String part : List.of("train", "test")) {
      for (int label = 0; label < 2; label++) {
        Path texts = Files.createDirectories(data.resolve(part).resolve("topic" + label));
        for (int i = 0; i < 24; i++) {
          StringBuilder text = new StringBuilder("Today we had");
          for (int word = 0; word < 4; word++) {
            text.append(' ').append(WORDS.get(label).get(random.nextInt(4)));
          }
          Files.writeString(texts.resolve(i + ".txt"), text + ", number " + i + ".");
        }
      }
    }
  }

  private Outcome pretrain(Object... further) {
    Object[] usual = {
      "pretrain",
      data,
      "--out",
      folder.resolve("reader"),
      "--widths",
      "8,12",
      "--epochs",
      "8",
      "--batch-size",
      "8",
      "--learning-rate",
      "0.01",
      "--averaging",
      "0",
      "--vocabulary",
      "120",
      "--max-tokens",
      "32"
    };
    return Commands.run(Stream.of(usual, further).flatMap(Arrays::stream).toArray());
  }

  @Test
  void pretrain_texts_givesABackboneThatTrainTakes() throws IOException {
    Outcome pretrained = pretrain("--storage", "fp16");
    assertThat(pretrained.exitCode()).as(pretrained.err()).isZero();
    assertThat(pretrained.unwrappedOut())
        .contains("training texts in 2 classes", "texts of up to 32 tokens")
        .contains("same logits in ONNX Runtime", "graft train TEXTS --backbone");
    JsonNode config = new ObjectMapper().readTree(folder.resolve("reader/config.json").toFile());
    assertThat(config.path("modality").asText()).isEqualTo("text");
    assertThat(config.path("max_position_embeddings").asInt()).isEqualTo(32);
    assertThat(config.path("architecture").asText())
        .contains("two vectors of 8 numbers a token and 12 filters over 3 tokens");
    assertThat(folder.resolve("reader/tokenizer.json")).content().contains("\"bread\"");

    Outcome trained =
        Commands.run(
            "train",
            data,
            "--backbone",
            folder.resolve("reader"),
            "--strategy",
            "head",
            "--no-cache",
            "--json",
            "--out",
            folder.resolve("model"));
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    JsonNode metrics = new ObjectMapper().readTree(folder.resolve("model/metrics.json").toFile());
    assertThat(metrics.at("/test/accuracy").asDouble()).isGreaterThan(0.9);
  }

  @ParameterizedTest
  @CsvSource({
    "--size, 64, --max-tokens is the length of texts",
    "--window, 1, --max-tokens is the length of texts",
    "--input-size, 64, --max-tokens is the length of texts",
    "--augment, flip, --token-drop is how views of texts differ",
    "--scale, small, --scale is for networks of images",
    "--architecture, resnet-18, does not take texts: choose one of text-conv",
    "--mixup, 0.2, expected 0 for texts",
    "--token-drop, 1, must be at least 0 and below 1",
    "--vocabulary, 3, expected a vocabulary of 64 to 131072 pieces",
    "--max-tokens, 1, 'maximum tokens: expected 2 to'"
  })
  void pretrain_optionThatMeansNothingForTexts_isUsageErrorThatNamesIt(
      String option, String value, String part) {
    Outcome outcome = pretrain(option, value);
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err().replaceAll("\\s+", " ")).contains(part);
    assertThat(folder.resolve("reader")).doesNotExist();
  }
}

package dev.graft.transfer.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.DatasetKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class BackboneCardTest {
  @Test
  void card_ofRecordings_speaksOfThemAlone() {
    assertThat(BackboneCard.text(record(DatasetKind.AUDIO)))
        .contains("# Sound backbone: graft/speech-small", "pipeline_tag: feature-extraction")
        .contains("asks for recordings of | 16,000 samples |")
        .contains("with windows of 16,000 samples: **75.0 % top-1**")
        .contains("| epoch | samples | training loss |")
        .contains("graft train my-recordings/ --backbone")
        .doesNotContainPattern("(?i)image|photo|picture|pixel|top-1 side");
  }

  @Test
  void card_ofImages_speaksOfPixelsAndSides() {
    assertThat(BackboneCard.text(record(DatasetKind.IMAGE)))
        .contains("# Image backbone: graft/speech-small", "pipeline_tag: image-feature-extraction")
        .contains("16,000 pixels (`--input-size` takes another)")
        .contains("whole images of the last side of training")
        .doesNotContainPattern("(?i)recording|samples");
  }

  @Test
  void files_ofRecordings_nameSizesInSamples() {
    PretrainingRecord record = record(DatasetKind.AUDIO);
    assertThat(BackboneFiles.config(record)).contains("\"input_samples\" : 16000");
    assertThat(BackboneFiles.metrics(record))
        .contains("\"evaluated_samples\" : 16000", "\"samples\" : 16000")
        .doesNotContain("side");
  }

  private static PretrainingRecord record(DatasetKind kind) {
    List<String> classes = List.of("yes", "no");
    Evaluation evaluation =
        Evaluation.of(
            classes,
            new int[] {0, 0, 1, 1},
            new float[] {0.9f, 0.1f, 0.8f, 0.2f, 0.3f, 0.7f, 0.6f, 0.4f});
    return new PretrainingRecord(
        "graft/speech-small",
        "A residual network.",
        1_000_000,
        30_000_000,
        256,
        kind.word(),
        16_000,
        16_000,
        kind == DatasetKind.TEXT ? OptionalInt.of(8_000) : OptionalInt.empty(),
        "fp16",
        Optional.of("mean_and_deviation"),
        Optional.of("Apache-2.0"),
        Optional.empty(),
        new TrainingRecord.Data(
            "corpus",
            kind,
            "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
            classes,
            Map.of("yes", 10, "no", 10),
            Map.of(),
            Map.of(),
            List.of()),
        Map.of("epochs", "1"),
        "fp32",
        List.of(new PretrainingRecord.Epoch(1, 16_000, 0.7, 0.6, 0.75)),
        evaluation,
        "held out",
        60,
        Map.of("graft", "0.1"),
        42,
        Instant.parse("2026-03-01T10:15:30Z"));
  }
}

package dev.graft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.Dataset;
import dev.graft.data.DatasetKind;
import dev.graft.data.DatasetReader;
import dev.graft.data.Part;
import dev.graft.data.audio.AudioDecoder;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GeneratedExamplesTest {
  @TempDir private Path work = Path.of("");

  @Test
  void writeArchive_thirtyExamples_threeDistinctOnesOfEachClass() {
    Dataset dataset =
        DatasetReader.read(GeneratedExamples.writeArchive(work.resolve("thirty.zip"), 30));
    assertThat(dataset.counts(Part.TRAIN))
        .hasSize(10)
        .allSatisfy(
            (label, count) -> {
              assertThat(count).isEqualTo(3);
            });
    assertThat(dataset.part(Part.TRAIN).stream().map(one -> one.source().contentHash()).distinct())
        .hasSize(30);
  }

  @Test
  void writeRecordings_twentyExamples_areTwoDistinctSecondsOfEachClass() {
    Dataset dataset =
        DatasetReader.read(GeneratedExamples.writeRecordings(work.resolve("sounds.zip"), 20));
    assertThat(dataset.kind()).isEqualTo(DatasetKind.AUDIO);
    assertThat(dataset.counts(Part.TRAIN)).hasSize(10).containsValue(2);
    assertThat(dataset.part(Part.TRAIN).stream().map(one -> one.source().contentHash()).distinct())
        .hasSize(20);
    assertThat(
            new AudioDecoder().decode(dataset.part(Part.TRAIN).get(0).source(), 16_000).samples())
        .hasSize(16_000);
  }

  @Test
  void writeArchive_twice_givesTheSameBytes() throws IOException {
    Path first = GeneratedExamples.writeArchive(work.resolve("first.zip"), 12);
    Path second = GeneratedExamples.writeArchive(work.resolve("second.zip"), 12);
    assertThat(Files.readAllBytes(second)).isEqualTo(Files.readAllBytes(first));
  }

  @Test
  void writeBackbone_loaded_has1280Features() {
    Path file = GeneratedExamples.writeBackbone(work.resolve("tiny.onnx"));
    Backbone backbone = Backbone.load(file, BackboneOptions.defaults().withPreprocessing("tf"));
    assertThat(backbone.featureWidth()).isEqualTo(1280);
    assertThat(backbone.imagePreprocessing().cropHeight()).isEqualTo(32);
  }
}

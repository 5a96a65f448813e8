package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.data.Dataset;
import dev.graft.data.DatasetReader;
import dev.graft.onnx.OnnxTensor;
import dev.graft.runtime.ParityReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A small BERT as an exporter wrote it, through every strategy. Its graph has vectors for 1,656
 * tokens and none of the vocabularies beside it has as many, so that the first of one are taken:
 * what it reads is not what it learned, but each of its weights is reached.
 */
@Tag("reference-data")
final class TinyBertTest {
  private static final int TOKENS = 1_656;

  @TempDir private Path folder = Path.of(".");
  private Path bert = Path.of(".");
  private Path texts = Path.of(".");

  @BeforeEach
  void take() throws IOException {
    Path shared = Path.of(System.getProperty("graft.shared", "../shared"));
    Path published = shared.resolve("models/tinybert");
    Path news = shared.resolve("data/text/ag-news.csv");
    assumeTrue(Files.isDirectory(published), "reference data absent: " + published);
    assumeTrue(Files.isRegularFile(news), "reference data absent: " + news);
    bert = Files.createDirectories(folder.resolve("bert"));
    Files.copy(published.resolve("tinybert.onnx"), bert.resolve("model.onnx"));
    try (Stream<String> words = Files.lines(published.resolve("bert-base-uncased.txt"))) {
      Files.write(bert.resolve("vocab.txt"), words.limit(TOKENS).toList());
    }
    texts = folder.resolve("news.csv");
    try (Stream<String> rows = Files.lines(news)) {
      Files.write(texts, rows.limit(121).toList());
    }
  }

  @ParameterizedTest
  @CsvSource({"head,0", "last:1,1", "head-then-norms,0", "all,-1", "contrastive,-1"})
  void fit_anyStrategy_trainsWhatItNamesAndTheFileRepeatsIt(String strategy, int blocks) {
    Dataset dataset = DatasetReader.read(texts);
    Backbone backbone = Backbone.load(bert, BackboneOptions.defaults());
    TrainedModel model =
        TransferLearning.from(backbone)
            .withoutCache()
            .strategy(Strategy.parse(strategy))
            .epochs(2)
            .fit(dataset);

    Map<String, OnnxTensor> before = backbone.model().graph().initializers();
    Map<String, OnnxTensor> after = model.model().graph().initializers();
    int all = backbone.blocks().size();
    for (int i = 0; i < all; i++) {
      boolean trains = blocks < 0 || i >= all - blocks;
      backbone.blocks().get(i).layers().stream()
          .flatMap(layer -> layer.tensors().stream())
          .filter(weight -> weight.isKernel())
          .forEach(
              weight ->
                  assertThat(data(before, weight.name()).equals(data(after, weight.name())))
                      .as("%s is as before", weight.name())
                      .isEqualTo(!trains));
    }
    ParityReport parity = model.save(folder.resolve("model"));
    assertThat(parity.largestDifference()).isLessThan(1e-4);
  }

  private static Object data(Map<String, OnnxTensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name).data();
  }

  @Test
  void fit_allLayers_lowersTheLossOfWhatItTrainsOn() {
    List<Double> losses = new ArrayList<>();
    TrainedModel model =
        TransferLearning.from(Backbone.load(bert, BackboneOptions.defaults()))
            .withoutCache()
            .strategy(new Strategy.AllLayers())
            .epochs(6)
            .learningRate(1e-3)
            .fit(DatasetReader.read(texts));
    model.record().history().forEach(epoch -> losses.add(epoch.trainingLoss()));
    assertThat(losses.get(losses.size() - 1)).isLessThan(losses.get(0));
  }
}

package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.data.Dataset;
import dev.graft.data.DatasetReader;
import dev.graft.data.Example;
import dev.graft.data.Part;
import dev.graft.data.image.ImageDecoder;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.image.ImagePreprocessor;
import dev.graft.data.image.Resize;
import dev.graft.engine.FloatTensor;
import dev.graft.engine.Network;
import dev.graft.engine.Precision;
import dev.graft.onnx.OnnxModel;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneOptions;
import dev.graft.transfer.Strategy;
import dev.graft.transfer.TransferLearning;
import dev.graft.zoo.BundledBackbone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the model card and BENCHMARKS.md say of the bundled backbone holds for the weights that lie
 * here.
 */
@Tag("slow")
@Tag("reference-data")
class PhotoSmallTest {
  private static final int SIDE = 80;
  private static final int TOGETHER = 50;

  @TempDir Path folder = Path.of(".");
  private final Path data = Path.of(System.getProperty("graft.shared", "absent"), "data");

  @BeforeEach
  void requireReferenceData() {
    assumeTrue(Files.isDirectory(data), "reference data absent: " + data);
  }

  private Path model() throws IOException {
    return BundledBackbone.PHOTO_SMALL.extractTo(folder).resolve("model.onnx");
  }

  @Test
  void sourceTask_validationPart_isLearned() throws IOException {
    Dataset dataset = DatasetReader.read(data.resolve("tiny-imagenet.zip"));
    List<Example> examples = dataset.part(Part.VALIDATION);
    ImagePreprocessing whole =
        ImagePreprocessing.preset("imagenet", SIDE, SIDE)
            .withSize(new Resize.ShorterSide(SIDE), SIDE, SIDE);
    int right = 0;
    try (Network network = Network.load(OnnxModel.read(model()), Precision.FP32)) {
      for (int from = 0; from < examples.size(); from += TOGETHER) {
        List<Example> some = examples.subList(from, Math.min(examples.size(), from + TOGETHER));
        FloatTensor logits = network.run(images(some, whole));
        for (int row = 0; row < some.size(); row++) {
          right +=
              dataset.classes().get(largest(logits, row)).equals(some.get(row).label()) ? 1 : 0;
        }
      }
    }
    assertThat((double) right / examples.size()).isGreaterThanOrEqualTo(0.53);
  }

  private static FloatTensor images(List<Example> examples, ImagePreprocessing preprocessing) {
    ImagePreprocessor preprocessor = new ImagePreprocessor(preprocessing);
    float[] values = new float[examples.size() * preprocessing.valueCount()];
    for (int i = 0; i < examples.size(); i++) {
      Example example = examples.get(i);
      preprocessor.apply(
          new ImageDecoder().decode(example.source().read(), example.id()),
          values,
          i * preprocessing.valueCount());
    }
    return new FloatTensor(values, examples.size(), 3, SIDE, SIDE);
  }

  private static int largest(FloatTensor logits, int row) {
    int best = 0;
    for (int c = 1; c < logits.width(); c++) {
      int at = row * logits.width();
      best = logits.values()[at + c] > logits.values()[at + best] ? c : best;
    }
    return best;
  }

  @ParameterizedTest
  @CsvSource({
    "ants-bees.zip, 0, head, 0.85",
    "handwritten-digits.zip, 20, head, 0.82",
    "handwritten-digits.zip, 20, head-then-all, 0.86",
    "chest-xray-28.zip, 100, head, 0.83"
  })
  void transfer_seed42_isAsGoodAsIsSaid(String archive, int perClass, String strategy, double least)
      throws IOException {
    TransferLearning learning =
        TransferLearning.from(Backbone.load(model(), BackboneOptions.defaults()))
            .strategy(Strategy.parse(strategy))
            .withoutCache();
    learning = perClass == 0 ? learning : learning.examplesPerClass(perClass);
    double accuracy =
        learning
            .fit(DatasetReader.read(data.resolve(archive)))
            .record()
            .test()
            .orElseThrow()
            .accuracy();
    assertThat(accuracy).isGreaterThanOrEqualTo(least);
  }
}

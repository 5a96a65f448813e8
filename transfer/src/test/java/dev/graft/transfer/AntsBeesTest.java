package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.data.DatasetReader;
import dev.graft.runtime.Bundle;
import dev.graft.runtime.ParityReport;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Photos of ants and bees on a small pretrained network. Logistic regression of scikit-learn on the
 * same frozen features has 92.2 % of the test photos right.
 */
@Tag("reference-data")
final class AntsBeesTest {
  @Test
  void fit_headOnly_isAccurateAndTheSavedModelRepeatsIt(@TempDir Path folder) {
    Path shared = Path.of(System.getProperty("graft.shared", "../shared"));
    assumeTrue(Files.isDirectory(shared), "reference data absent: " + shared);
    Backbone backbone =
        Backbone.load(
            shared.resolve("models/mobilenetv2-0.35-imagenet-headless.onnx"),
            BackboneOptions.defaults().withPreprocessing("tf").withInputSize(224));

    TrainedModel model =
        TransferLearning.from(backbone)
            .seed(42)
            .strategy(new Strategy.HeadOnly())
            .views(2)
            .withoutCache()
            .fit(DatasetReader.read(shared.resolve("data/ants-bees.zip")));
    ParityReport parity = model.save(folder.resolve("model"));

    assertThat(model.record().test().orElseThrow().examples()).isEqualTo(153);
    assertThat(model.record().test().orElseThrow().accuracy()).isGreaterThanOrEqualTo(0.9);
    assertThat(parity.largestDifference()).isLessThanOrEqualTo(parity.tolerance());
    assertThat(Bundle.open(folder.resolve("model")).config().labels())
        .containsExactly("ants", "bees");
  }
}

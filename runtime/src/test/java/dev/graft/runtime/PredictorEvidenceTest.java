package dev.graft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.graft.data.image.PixelImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a predictor tells beside the probabilities: sets, distances, neighbours. */
class PredictorEvidenceTest {
  /** Features of the test model are the mean colour. */
  private static final float[] COLOURS = {200, 10, 10, 10, 200, 10, 10, 10, 200, 210, 20, 20};

  @TempDir Path folder = Path.of(".");

  private void writeBundle(Optional<PredictionSetRule> rule) throws IOException {
    TestBundles.write(folder);
    ModelProto.Builder model =
        TestModels.classifier(8, 6, new float[] {9, 0, 0, 0, 9, 0, 0, 0, 9}, new float[3]);
    model
        .getGraphBuilder()
        .addOutput(TestModels.value(BundleLayout.FEATURES, TestModels.FLOAT, -1, 3));
    Files.write(folder.resolve(BundleLayout.MODEL), model.build().toByteArray());
    BundleConfig old = TestBundles.config("red", "green", "blue");
    new BundleConfig(
            old.labels(), old.modality(), "x", "", "head only", old.temperature(), "1", rule)
        .write(folder.resolve(BundleLayout.CONFIG));
    TrainingFeatures.of(
            List.of("r", "g", "b", "r2"),
            List.of("red", "green", "blue", "red"),
            COLOURS,
            new int[] {0, 1, 2, 3})
        .write(folder.resolve(BundleLayout.TRAINING_FEATURES));
  }

  @Test
  void predict_ruleInTheBundle_givesTheSet() throws IOException {
    writeBundle(Optional.of(new PredictionSetRule(0.8, 0.2)));
    try (Predictor predictor = Predictor.load(folder)) {
      Prediction sure = predictor.predict(TestBundles.plain(9, 9, 255, 0, 0));
      assertThat(sure.set()).contains(new PredictionSet(0.8, List.of("red")));
      Prediction torn = predictor.predict(TestBundles.plain(9, 9, 200, 0, 190));
      assertThat(torn.set()).contains(new PredictionSet(0.8, List.of("red", "blue")));
    }
  }

  @Test
  void predict_noClassReachesTheThreshold_setHoldsTheMostProbable() throws IOException {
    writeBundle(Optional.of(new PredictionSetRule(0.5, 1)));
    try (Predictor predictor = Predictor.load(folder)) {
      assertThat(predictor.predict(TestBundles.plain(9, 9, 0, 90, 80)).set().orElseThrow().labels())
          .containsExactly("green");
    }
  }

  @Test
  void predict_bundleWithFeatures_tellsTheDistance() throws IOException {
    writeBundle(Optional.empty());
    PixelImage grey = TestBundles.plain(9, 9, 100, 100, 100);
    try (Predictor predictor = Predictor.load(folder)) {
      TrainingDistance distance = predictor.predict(grey).trainingDistance().orElseThrow();
      // The nearest of the four is the second red: (210 + 20 + 20) / (|(210, 20, 20)| sqrt(3)).
      assertThat(distance.distance()).isCloseTo(1 - 250 / Math.sqrt(3 * 44_900), within(1e-3));
      assertThat(predictor.predict(List.of(grey, grey)))
          .extracting(prediction -> prediction.trainingDistance().orElseThrow().distance())
          .allSatisfy(found -> assertThat(found).isCloseTo(distance.distance(), within(1e-6)));
    }
  }

  @Test
  void neighbours_ofAnImage_areTheMostSimilarExamples() throws IOException {
    writeBundle(Optional.empty());
    PixelImage red = TestBundles.plain(9, 9, 200, 10, 10);
    Path file = Files.write(folder.resolve("red.png"), PngEncoder.encode(red));
    try (Predictor predictor = Predictor.load(folder)) {
      List<TrainingNeighbour> found = predictor.neighbours(red, 2);
      assertThat(found).extracting(TrainingNeighbour::id).containsExactly("r", "r2");
      assertThat(found.get(0).label()).isEqualTo("red");
      assertThat(found.get(0).similarity()).isCloseTo(1, within(1e-3));
      assertThat(predictor.neighbours(file, 2)).isEqualTo(found);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> predictor.neighbours(red, 0))
          .withMessageContaining("at least 1 example");
    }
  }

  @Test
  void predict_bundleOfBefore_tellsNeither() throws IOException {
    TestBundles.write(folder);
    PixelImage image = TestBundles.plain(9, 9, 1, 2, 3);
    try (Predictor predictor = Predictor.load(folder)) {
      assertThat(predictor.predict(image).set()).isEmpty();
      assertThat(predictor.predict(image).trainingDistance()).isEmpty();
      assertThat(predictor.neighbours(image, 3)).isEmpty();
    }
  }

  // --- what does not belong together ---------------------------------------------------------

  @Test
  void load_modelWithoutFeatures_isNamed() throws IOException {
    writeBundle(Optional.empty());
    Files.write(folder.resolve(BundleLayout.MODEL), TestBundles.model());
    assertThatThrownBy(() -> Predictor.load(folder))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("has no output \"features\"");
  }

  @Test
  void load_featuresOfAnotherWidth_areNamed() throws IOException {
    writeBundle(Optional.empty());
    TrainingFeatures.of(
            List.of("a", "b"), List.of("red", "blue"), new float[] {1, 0, 0, 1}, new int[] {0, 1})
        .write(folder.resolve(BundleLayout.TRAINING_FEATURES));
    assertThatThrownBy(() -> Predictor.load(folder))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("training-features.bin has rows of 2 features");
  }

  @Test
  void load_featuresOfOtherClasses_areNamed() throws IOException {
    writeBundle(Optional.empty());
    TrainingFeatures.of(
            List.of("a", "b"), List.of("red", "pink"), new float[] {1, 0, 0, 1}, new int[] {0, 1})
        .write(folder.resolve(BundleLayout.TRAINING_FEATURES));
    assertThatThrownBy(() -> Predictor.load(folder))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("holds an example of the class \"pink\"");
  }
}

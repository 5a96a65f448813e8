package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.data.Part;
import dev.graft.data.image.ImageDecoder;
import dev.graft.runtime.Bundle;
import dev.graft.runtime.BundleLayout;
import dev.graft.runtime.Prediction;
import dev.graft.runtime.Predictor;
import dev.graft.runtime.TrainingNeighbour;
import dev.graft.transfer.evidence.CalibrationFindings;
import dev.graft.transfer.evidence.CalibrationFindings.PredictionSets;
import dev.graft.transfer.evidence.Evaluation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run finds out about its probabilities, in the saved model. */
final class CalibratedModelTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @ParameterizedTest
  @CsvSource({"head,linear,FP32", "head,8,FP32", "all,linear,FP32", "head-then-last:1,8,BF16"})
  void save_trainedModel_holdsTemperatureSetsAndFeatures(
      String strategy, String head, PrecisionChoice precision) {
    Dataset data = ToyTask.dataset(folder, 40, 20);
    TrainedModel model =
        ToyTask.learning(ToyTask.backbone(folder))
            .strategy(Strategy.parse(strategy))
            .head(HeadArchitecture.parse(head))
            .precision(precision)
            .epochs(12)
            .coverage(0.8)
            .fit(data);
    CalibrationFindings found = model.record().findings().calibration().orElseThrow();
    Path saved = folder.resolve("model");
    // Saving runs the file in ONNX Runtime and compares: the temperature is in its weights.
    model.save(saved);

    assertThat(Bundle.open(saved).config().temperature()).isEqualTo(found.temperature());
    PredictionSets sets = found.sets().orElseThrow();
    assertThat(Bundle.open(saved).config().predictionSets().orElseThrow())
        .satisfies(
            rule -> {
              assertThat(rule.coverage()).isEqualTo(0.8);
              assertThat(rule.leastProbability()).isEqualTo(sets.leastProbability());
            });
    assertThat(saved.resolve(BundleLayout.TRAINING_FEATURES)).isNotEmptyFile();
    try (Predictor predictor = Predictor.load(saved)) {
      requireSameFigures(predictor, data, model.record().test().orElseThrow(), sets);
      requireOwnFeatures(predictor, data.part(Part.TRAIN));
    }
  }

  /** Test probabilities, the sets' coverage and the file agree, the temperature included. */
  private static void requireSameFigures(
      Predictor predictor, Dataset data, Evaluation stated, PredictionSets sets) {
    double loss = 0;
    int covered = 0;
    List<Example> test = data.part(Part.TEST);
    for (Example example : test) {
      Prediction prediction = predictor.predict(example.source().read(), example.id());
      loss -= Math.log(prediction.probabilityOf(example.label())) / test.size();
      covered += prediction.set().orElseThrow().labels().contains(example.label()) ? 1 : 0;
    }
    assertThat(loss).isCloseTo(stated.logLoss(), within(2e-3));
    // An example at the threshold may fall to the other side by rounding.
    assertThat((double) covered / test.size())
        .isCloseTo(sets.test().orElseThrow().coverage(), within(1.01 / test.size()));
  }

  /** Features of the trunk as it ships: a training image has the direction that is kept of it. */
  private static void requireOwnFeatures(Predictor predictor, List<Example> train) {
    ImageDecoder decoder = new ImageDecoder();
    for (int i = 0; i < train.size(); i += 13) {
      Example example = train.get(i);
      List<TrainingNeighbour> all =
          predictor.neighbours(decoder.decode(example.source().read(), example.id()), train.size());
      assertThat(all).hasSameSizeAs(train);
      assertThat(all)
          .filteredOn(neighbour -> neighbour.id().equals(example.id()))
          .singleElement()
          .satisfies(
              own -> {
                assertThat(own.label()).isEqualTo(example.label());
                // Training may have seen its features in bf16, the file gives them in fp32.
                assertThat(own.similarity()).isGreaterThan(0.995);
              });
    }
  }

  /** Fine-tuning learns against smoothed labels, so that its probabilities are too cautious. */
  @Test
  void save_fineTuned_holdsTheTemperatureInItsTrainedHead() {
    Dataset data = ToyTask.dataset(folder, 80, 20);
    TrainedModel model =
        ToyTask.learning(ToyTask.backbone(folder))
            .strategy(Strategy.parse("all"))
            .validationFraction(0.5)
            .epochs(12)
            .fit(data);
    CalibrationFindings found = model.record().findings().calibration().orElseThrow();
    assertThat(found.temperature()).isLessThan(1);
    assertThat(found.after().expectedCalibrationError())
        .isLessThan(found.before().expectedCalibrationError());
    model.save(folder.resolve("model"));
    try (Predictor predictor = Predictor.load(folder.resolve("model"))) {
      requireSameFigures(
          predictor, data, model.record().test().orElseThrow(), found.sets().orElseThrow());
    }
  }

  @Test
  void fit_tooFewHeldOut_leavesSetsOutAndSaysSo() {
    TrainedModel model =
        ToyTask.learning(ToyTask.backbone(folder))
            .coverage(0.99)
            .fit(ToyTask.dataset(folder, 12, 3));
    assertThat(model.record().findings().calibration().orElseThrow().sets()).isEmpty();
    assertThat(model.record().notes())
        .contains(
            "Prediction sets are left out: a coverage of 0.99 needs at least 99 held-out examples,"
                + " found 36.");
    model.save(folder.resolve("model"));
    assertThat(Bundle.open(folder.resolve("model")).config().predictionSets()).isEmpty();
  }

  @Test
  void coverage_outOfRange_isRefused() {
    TransferLearning learning = ToyTask.learning(ToyTask.backbone(folder));
    for (double coverage : new double[] {0, 1, -0.5, Double.NaN}) {
      assertThatThrownBy(() -> learning.coverage(coverage))
          .isInstanceOf(TransferException.class)
          .hasMessageContaining("the coverage must be above 0 and below 1");
    }
  }

  @Test
  void save_sameRunTwice_givesTheSameFeaturesFile() throws java.io.IOException {
    Dataset data = ToyTask.dataset(folder, 12, 3);
    for (String name : List.of("first", "second")) {
      ToyTask.learning(ToyTask.backbone(folder)).fit(data).save(folder.resolve(name));
    }
    assertThat(Files.readAllBytes(folder.resolve("first").resolve(BundleLayout.TRAINING_FEATURES)))
        .isEqualTo(
            Files.readAllBytes(folder.resolve("second").resolve(BundleLayout.TRAINING_FEATURES)));
  }
}

package dev.graft.transfer;

import dev.graft.data.LeftOut;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.Trunk;
import dev.graft.runtime.TrainingFeatures;
import dev.graft.transfer.calibration.Calibration;
import dev.graft.transfer.calibration.KnownExamples;
import dev.graft.transfer.evidence.CalibrationFindings;
import dev.graft.transfer.export.ModelAssembler;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.FrozenPrefix;
import dev.graft.transfer.training.TrainedWeights;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes what training gave ready to be believed: divides the logits by the temperature, in the
 * weights and in everything that was predicted, and keeps features of training examples.
 */
final class OutcomeCalibration {
  private final RunContext context;
  private final FrozenPrefix trunk;
  private final int[] groups;
  private final TrainingListener listener;

  OutcomeCalibration(
      RunContext context, FrozenPrefix trunk, int[] groups, TrainingListener listener) {
    this.context = context;
    this.trunk = trunk;
    this.groups = groups;
    this.listener = listener;
  }

  /**
   * Calibrates.
   *
   * @param note hears what people should know
   */
  TrainingOutcome of(TrainingOutcome outcome, Consumer<String> note) {
    listener.phase("Calibrating");
    double coverage = context.settings().coverage();
    int heldOut = outcome.validated().labels().length;
    Calibration calibration =
        Calibration.of(
            outcome.validated().labels(),
            outcome.validated().probabilities(),
            context.tables().dataset().classes().size());
    CalibrationFindings findings =
        calibration.findings(
            context.tables().test().labels(), outcome.testProbabilities(), coverage);
    if (findings.sets().isEmpty()) {
      note.accept(
          "Prediction sets are left out: a coverage of "
              + coverage
              + " needs at least "
              + Calibration.fewestExamplesFor(coverage)
              + " held-out examples, found "
              + heldOut
              + ".");
    }
    return outcome.calibrated(calibration, findings, trainingFeatures(outcome));
  }

  /** By the trunk as it ships, which for fine-tuning is another than the one at the start. */
  private Optional<TrainingFeatures> trainingFeatures(TrainingOutcome outcome) {
    ExampleTable train = context.tables().train();
    int[] rows = KnownExamples.choose(train.labels(), groups, context.settings().seed());
    ExampleTable chosen = train.rows(rows);
    int[] theirGroups = Arrays.stream(rows).map(row -> groups[row]).toArray();
    if (outcome.trainedBlocks().isEmpty()) {
      return KnownExamples.features(chosen, trunk.of(chosen), theirGroups);
    }
    try (StoreFolder own = StoreFolder.of(Optional.empty());
        FrozenPrefix trained = context.open(trainedTrunk(outcome), own, listener)) {
      List<LeftOut> damaged = trained.compute(chosen, 1, "Computing features of the trained model");
      return damaged.isEmpty()
          ? KnownExamples.features(chosen, trained.of(chosen), theirGroups)
          : Optional.empty();
    }
  }

  private OnnxModel trainedTrunk(TrainingOutcome outcome) {
    OnnxModel start = context.backbone().trunk();
    OnnxModel network =
        TrainedWeights.into(ModelAssembler.network(start, outcome.head()), outcome.weights());
    return Trunk.cut(network, start.graph().outputs().get(0).name());
  }
}

package dev.graft.transfer;

import dev.graft.runtime.TrainingFeatures;
import dev.graft.transfer.calibration.Calibration;
import dev.graft.transfer.evidence.CalibrationFindings;
import dev.graft.transfer.evidence.Findings;
import dev.graft.transfer.evidence.LadderFindings;
import dev.graft.transfer.evidence.TrainingRecord.Candidate;
import dev.graft.transfer.evidence.TrainingRecord.Epoch;
import dev.graft.transfer.training.ClassifierHead;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.HeadTemperature;
import dev.graft.transfer.training.Validated;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What training gave.
 *
 * @param head the head; where the trunk was trained too, its final values are among the weights
 * @param weights trained values by initialiser name, for what is not as in the backbone or the head
 * @param trainedBlocks names of the blocks that were trained
 * @param validated predictions for held-out examples
 * @param validatedTable the table that the rows of those predictions number
 * @param testProbabilities [test examples, classes]
 * @param golden examples whose outputs the saved file must repeat
 * @param goldenLogits their logits
 * @param candidates regularisation strengths tried for the head
 * @param history epochs
 * @param findings what else was found out
 * @param trainingFeatures features of training examples by the trunk as it ships; empty until
 *     calibration
 */
record TrainingOutcome(
    ClassifierHead head,
    Map<String, float[]> weights,
    List<String> trainedBlocks,
    Validated validated,
    ExampleTable validatedTable,
    float[] testProbabilities,
    ExampleTable golden,
    List<float[]> goldenLogits,
    List<Candidate> candidates,
    List<Epoch> history,
    Findings findings,
    Optional<TrainingFeatures> trainingFeatures) {
  /** An outcome before calibration. */
  TrainingOutcome(
      ClassifierHead head,
      Map<String, float[]> weights,
      List<String> trainedBlocks,
      Validated validated,
      ExampleTable validatedTable,
      float[] testProbabilities,
      ExampleTable golden,
      List<float[]> goldenLogits,
      List<Candidate> candidates,
      List<Epoch> history,
      Findings findings) {
    this(
        head,
        weights,
        trainedBlocks,
        validated,
        validatedTable,
        testProbabilities,
        golden,
        goldenLogits,
        candidates,
        history,
        findings,
        Optional.empty());
  }

  /** The same after a ladder was climbed to it. */
  TrainingOutcome climbed(LadderFindings ladder) {
    return with(findings.with(ladder));
  }

  TrainingOutcome with(Findings found) {
    return new TrainingOutcome(
        head,
        weights,
        trainedBlocks,
        validated,
        validatedTable,
        testProbabilities,
        golden,
        goldenLogits,
        candidates,
        history,
        found,
        trainingFeatures);
  }

  /** The same with the temperature in the head and in all predictions. */
  TrainingOutcome calibrated(
      Calibration calibration, CalibrationFindings found, Optional<TrainingFeatures> known) {
    HeadTemperature temperature = new HeadTemperature(calibration.temperature());
    return new TrainingOutcome(
        temperature.folded(head),
        temperature.folded(weights, head.layers().size()),
        trainedBlocks,
        new Validated(
            validated.rows(),
            validated.labels(),
            calibration.apply(validated.probabilities()),
            validated.method(),
            validated.folds()),
        validatedTable,
        calibration.apply(testProbabilities),
        golden,
        goldenLogits.stream().map(temperature::divided).toList(),
        candidates,
        history,
        findings.with(found),
        known);
  }
}

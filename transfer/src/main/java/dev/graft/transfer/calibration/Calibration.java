package dev.graft.transfer.calibration;

import dev.graft.transfer.evidence.CalibrationFindings;
import java.util.Optional;

/**
 * What predictions for held-out examples tell about how far a model's probabilities can be
 * believed. Immutable and thread-safe.
 */
public final class Calibration {
  private final HeldOutPredictions heldOut;
  private final double temperature;

  private Calibration(HeldOutPredictions heldOut, double temperature) {
    this.heldOut = heldOut;
    this.temperature = temperature;
  }

  /**
   * Fits the temperature.
   *
   * @param labels class index of each held-out example
   * @param probabilities what the model gives for them before calibration, [examples, classes]
   * @throws IllegalArgumentException if the lengths do not fit
   */
  public static Calibration of(int[] labels, float[] probabilities, int classes) {
    HeldOutPredictions heldOut = new HeldOutPredictions(labels, probabilities, classes);
    return new Calibration(heldOut, Temperature.fit(heldOut));
  }

  /** What logits are to be divided by, above 0; 1 where nothing is gained. */
  public double temperature() {
    return temperature;
  }

  /** The probabilities [examples, classes] after calibration. */
  public float[] apply(float[] probabilities) {
    return Temperature.apply(probabilities, heldOut.classes(), temperature);
  }

  /** The fewest held-out examples from which prediction sets of a coverage follow. */
  public static int fewestExamplesFor(double coverage) {
    return ConformalSets.fewestExamples(coverage);
  }

  /**
   * Everything that was found out.
   *
   * @param testLabels class index of each example of the test part, perhaps none
   * @param testProbabilities what the model gives for them before calibration
   * @param coverage probability with which a prediction set shall hold the true class, in (0, 1)
   */
  public CalibrationFindings findings(
      int[] testLabels, float[] testProbabilities, double coverage) {
    HeldOutPredictions calibrated = heldOut.with(apply(heldOut.probabilities()));
    Optional<HeldOutPredictions> test =
        testLabels.length == 0
            ? Optional.empty()
            : Optional.of(
                new HeldOutPredictions(testLabels, apply(testProbabilities), heldOut.classes()));
    return new CalibrationFindings(
        temperature,
        ReliabilityDiagram.of(heldOut),
        ReliabilityDiagram.of(calibrated),
        test.map(ReliabilityDiagram::of),
        ConformalSets.of(calibrated, test, coverage));
  }
}

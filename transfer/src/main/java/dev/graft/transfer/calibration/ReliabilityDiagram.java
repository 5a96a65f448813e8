package dev.graft.transfer.calibration;

import dev.graft.transfer.evidence.CalibrationFindings.Bin;
import dev.graft.transfer.evidence.CalibrationFindings.Reliability;
import java.util.ArrayList;
import java.util.List;

/**
 * How often predictions of a confidence are right, in bins of equal width (Guo et al. 2017, section
 * 2): ECE = sum over bins of examples / all * |accuracy - confidence|.
 */
final class ReliabilityDiagram {
  static final int BINS = 10;

  private ReliabilityDiagram() {}

  static Reliability of(HeldOutPredictions predictions) {
    int[] examples = new int[BINS];
    int[] right = new int[BINS];
    double[] confidence = new double[BINS];
    for (int i = 0; i < predictions.size(); i++) {
      int predicted = predictions.predicted(i);
      double own = predictions.probability(i, predicted);
      int bin = Math.max(0, Math.min(BINS - 1, (int) (own * BINS)));
      examples[bin]++;
      confidence[bin] += own;
      right[bin] += predicted == predictions.labels()[i] ? 1 : 0;
    }
    List<Bin> bins = new ArrayList<>();
    double error = 0;
    for (int bin = 0; bin < BINS; bin++) {
      int count = Math.max(1, examples[bin]);
      error += Math.abs(right[bin] - confidence[bin]) / Math.max(1, predictions.size());
      bins.add(
          new Bin(
              (double) bin / BINS,
              (bin + 1.0) / BINS,
              examples[bin],
              confidence[bin] / count,
              (double) right[bin] / count));
    }
    return new Reliability(error, bins);
  }
}

package dev.graft.transfer.calibration;

import java.util.SplittableRandom;

/** Predictions of a classifier whose probabilities are right, by construction. */
final class DrawnPredictions {
  private DrawnPredictions() {}

  /**
   * Each example's probabilities come from random logits, its class is drawn by them, and then the
   * logits are multiplied: those of too sure a classifier where the factor is above 1.
   */
  static HeldOutPredictions of(int examples, int classes, double sharpened, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] labels = new int[examples];
    float[] probabilities = new float[examples * classes];
    double[] logits = new double[classes];
    for (int i = 0; i < examples; i++) {
      for (int c = 0; c < classes; c++) {
        logits[c] = 3 * random.nextDouble(-1, 1);
      }
      labels[i] = drawn(softmax(logits, 1), random.nextDouble());
      double[] shown = softmax(logits, sharpened);
      for (int c = 0; c < classes; c++) {
        probabilities[i * classes + c] = (float) shown[c];
      }
    }
    return new HeldOutPredictions(labels, probabilities, classes);
  }

  private static double[] softmax(double[] logits, double factor) {
    double[] result = new double[logits.length];
    double sum = 0;
    for (int c = 0; c < logits.length; c++) {
      result[c] = Math.exp(factor * logits[c]);
      sum += result[c];
    }
    for (int c = 0; c < logits.length; c++) {
      result[c] /= sum;
    }
    return result;
  }

  private static int drawn(double[] probabilities, double at) {
    double sum = 0;
    for (int c = 0; c < probabilities.length - 1; c++) {
      sum += probabilities[c];
      if (at < sum) {
        return c;
      }
    }
    return probabilities.length - 1;
  }
}

package dev.graft.transfer.training;

import dev.graft.transfer.evidence.Evaluation;
import java.util.Arrays;
import java.util.List;

/**
 * Predictions for examples that the predicting weights have not trained on.
 *
 * @param rows row of each example in the table that was predicted
 * @param labels class index of each example
 * @param probabilities [examples, classes], row-major
 * @param method how the examples were held out, in words
 * @param folds how many models predicted them, each its own share; 1 where one model did
 */
public record Validated(int[] rows, int[] labels, float[] probabilities, String method, int folds) {
  /** Predictions of one model. */
  public Validated(int[] rows, int[] labels, float[] probabilities, String method) {
    this(rows, labels, probabilities, method, 1);
  }

  /** Predictions for all rows of a table in their order. */
  public static Validated ofAll(int[] labels, float[] probabilities, String method) {
    int[] rows = new int[labels.length];
    Arrays.setAll(rows, row -> row);
    return new Validated(rows, labels, probabilities, method);
  }

  /** The evidence in these predictions. */
  public Evaluation evaluation(List<String> classes) {
    return Evaluation.of(classes, labels, probabilities).inFolds(folds);
  }

  /** Mean negative log likelihood of [examples, classes] probabilities. */
  public static double logLoss(int[] labels, float[] probabilities, int classes) {
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      sum -= Math.log(Math.max(1e-15, probabilities[i * classes + labels[i]]));
    }
    return sum / labels.length;
  }

  /**
   * Standard error of {@link #logLoss}: the deviation over the examples by the root of their
   * number.
   */
  public static double logLossError(int[] labels, float[] probabilities, int classes) {
    double mean = logLoss(labels, probabilities, classes);
    double squares = 0;
    for (int i = 0; i < labels.length; i++) {
      double loss = -Math.log(Math.max(1e-15, probabilities[i * classes + labels[i]]));
      squares += (loss - mean) * (loss - mean);
    }
    return labels.length < 2 ? 0 : Math.sqrt(squares / (labels.length - 1) / labels.length);
  }

  /** Share of examples whose most probable class is the true one. */
  public static double accuracy(int[] labels, float[] probabilities, int classes) {
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        if (probabilities[i * classes + c] > probabilities[i * classes + best]) {
          best = c;
        }
      }
      right += best == labels[i] ? 1 : 0;
    }
    return (double) right / labels.length;
  }
}

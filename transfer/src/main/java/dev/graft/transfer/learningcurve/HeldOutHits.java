package dev.graft.transfer.learningcurve;

import dev.graft.engine.LogisticRegression;
import dev.graft.transfer.training.LinearProbes;
import java.util.Arrays;
import java.util.List;

/**
 * Which held-out examples were told right, for each size of the subsamples and each repetition.
 *
 * @param sizes mean number of training examples of each size, ascending
 * @param outcomes [size][repetition][example]: {@link #RIGHT}, {@link #WRONG} or {@link #UNSEEN}
 */
record HeldOutHits(int[] sizes, byte[][][] outcomes) {
  static final byte WRONG = 0;
  static final byte RIGHT = 1;

  /** Not judged by in this repetition. */
  static final byte UNSEEN = -1;

  /** Strong penalties first, as the fits of weak ones begin at those of stronger ones. */
  private static final double[] STRENGTHS = {1, 0.1, 0.01, 1e-3};

  /**
   * Fits heads to all subsamples and judges them by the examples that their split holds out.
   *
   * @param folds how many splits in a row make one repetition
   */
  static HeldOutHits of(
      LinearProbes probes, Subsamples subsamples, int folds, int[] labels, int classes) {
    Judging judging = new Judging(probes, subsamples, folds, labels, classes);
    double strength = judging.strength();
    byte[][][] outcomes = new byte[subsamples.sizes()][][];
    List<LogisticRegression.Solution> heads = List.of();
    for (int size = 0; size < outcomes.length; size++) {
      heads = probes.fit(subsamples.of(size), strength, heads);
      outcomes[size] = judging.outcomes(heads);
    }
    int[] sizes = new int[outcomes.length];
    Arrays.setAll(sizes, subsamples::examples);
    return new HeldOutHits(sizes, outcomes);
  }

  /** Share of the examples judged by that were told right. */
  double accuracy(int size, int repetition) {
    int right = 0;
    int judged = 0;
    for (byte outcome : outcomes[size][repetition]) {
      right += outcome == RIGHT ? 1 : 0;
      judged += outcome == UNSEEN ? 0 : 1;
    }
    return (double) right / judged;
  }

  /** Mean of the repetitions. */
  double accuracy(int size) {
    double sum = 0;
    for (int repetition = 0; repetition < repetitions(); repetition++) {
      sum += accuracy(size, repetition);
    }
    return sum / repetitions();
  }

  int repetitions() {
    return outcomes[0].length;
  }

  private record Judging(
      LinearProbes probes, Subsamples subsamples, int folds, int[] labels, int classes) {

    /** The strength with the least held-out log loss for the largest subsamples. */
    double strength() {
      List<int[]> largest = subsamples.of(subsamples.sizes() - 1).subList(0, folds);
      List<LogisticRegression.Solution> heads = List.of();
      double best = STRENGTHS[0];
      double least = Double.POSITIVE_INFINITY;
      for (double strength : STRENGTHS) {
        heads = probes.fit(largest, strength, heads);
        double loss = logLoss(heads);
        if (loss >= least) {
          break;
        }
        least = loss;
        best = strength;
      }
      return best;
    }

    private double logLoss(List<LogisticRegression.Solution> heads) {
      double sum = 0;
      int count = 0;
      for (int i = 0; i < heads.size(); i++) {
        float[] logits = probes.logits(heads.get(i));
        for (int row : subsamples.splits().get(i).validation()) {
          sum += logLoss(logits, row);
          count++;
        }
      }
      return sum / count;
    }

    private double logLoss(float[] logits, int row) {
      double highest = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        highest = Math.max(highest, logits[row * classes + c]);
      }
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += Math.exp(logits[row * classes + c] - highest);
      }
      return Math.log(sum) + highest - logits[row * classes + labels[row]];
    }

    byte[][] outcomes(List<LogisticRegression.Solution> heads) {
      byte[][] outcomes = new byte[heads.size() / folds][labels.length];
      for (byte[] repetition : outcomes) {
        Arrays.fill(repetition, UNSEEN);
      }
      for (int i = 0; i < heads.size(); i++) {
        float[] logits = probes.logits(heads.get(i));
        for (int row : subsamples.splits().get(i).validation()) {
          outcomes[i / folds][row] = best(logits, row) == labels[row] ? RIGHT : WRONG;
        }
      }
      return outcomes;
    }

    private int best(float[] logits, int row) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        best = logits[row * classes + c] > logits[row * classes + best] ? c : best;
      }
      return best;
    }
  }
}

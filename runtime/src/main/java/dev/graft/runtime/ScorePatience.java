package dev.graft.runtime;

import java.util.Arrays;

/**
 * The score on which several windows agree: the {@code patience}-th largest of the last {@code
 * within}. It is at least a threshold where that many of them are, for each threshold. Before the
 * first window all scores count as 0, and so does one that is not a number. For one thread.
 */
public final class ScorePatience {
  private final double[] last;
  private final int patience;
  private int next;

  /** Takes both numbers of the rule. */
  public ScorePatience(DetectionRule rule) {
    this.last = new double[rule.within()];
    this.patience = rule.patience();
  }

  /** Takes the score of the next window in and gives the one agreed on. */
  public double next(double score) {
    // Sorting would place what is not a number above all scores.
    last[next] = Double.isNaN(score) ? 0 : score;
    next = (next + 1) % last.length;
    double[] sorted = last.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length - patience];
  }
}

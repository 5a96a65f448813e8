package dev.graft.transfer.advice;

import dev.graft.transfer.evidence.Interval;

/**
 * How many held-out examples were told right.
 *
 * @param right how many
 * @param examples of how many
 */
public record Score(int right, int examples) {
  static Score of(boolean[] outcomes) {
    int right = 0;
    for (boolean outcome : outcomes) {
      right += outcome ? 1 : 0;
    }
    return new Score(right, outcomes.length);
  }

  /** Their share. */
  public double accuracy() {
    return (double) right / examples;
  }

  /** Its 95 % Wilson interval. */
  public Interval interval() {
    return Interval.wilson(right, examples, Interval.NORMAL_QUANTILE_95);
  }
}

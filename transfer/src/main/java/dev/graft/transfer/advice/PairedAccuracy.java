package dev.graft.transfer.advice;

import dev.graft.transfer.evidence.McNemar;

/**
 * Two classifiers on the same held-out examples.
 *
 * <p>The p-value is two-sided, of {@link McNemar}.
 *
 * @param onlyFirst examples that only the first has right
 * @param onlySecond examples that only the second has right
 * @param examples all that both were judged by
 * @param pValue 0 to 1
 */
public record PairedAccuracy(int onlyFirst, int onlySecond, int examples, double pValue) {
  private static final double SIGNIFICANCE = 0.05;

  /** Compares by whether each example was told right; both have the same length. */
  static PairedAccuracy of(boolean[] first, boolean[] second) {
    if (first.length != second.length) {
      throw new IllegalArgumentException(first.length + " and " + second.length + " examples");
    }
    int onlyFirst = 0;
    int onlySecond = 0;
    for (int i = 0; i < first.length; i++) {
      onlyFirst += first[i] && !second[i] ? 1 : 0;
      onlySecond += second[i] && !first[i] ? 1 : 0;
    }
    return new PairedAccuracy(
        onlyFirst, onlySecond, first.length, McNemar.twoSidedMidP(onlyFirst, onlySecond));
  }

  /** Accuracy of the first less that of the second. */
  public double difference() {
    return (double) (onlyFirst - onlySecond) / examples;
  }

  /** Whether the examples do not show which is better, at the 5 % level. */
  public boolean isTie() {
    return pValue >= SIGNIFICANCE;
  }

  /** Whether they show that the first is better. */
  public boolean isFirstBetter() {
    return !isTie() && onlyFirst > onlySecond;
  }

  /** Whether they show that the second is better. */
  public boolean isSecondBetter() {
    return !isTie() && onlySecond > onlyFirst;
  }
}

package dev.graft.transfer.advice;

/**
 * Two classifiers on the same held-out examples.
 *
 * <p>The p-value is that of McNemar's test in its mid-p form, two-sided: were both equally good,
 * the examples that only one of them has right would fall to either with probability 1/2. Source:
 * Fagerland, Lydersen and Laake 2013, "The McNemar test for binary matched-pairs data: mid-p and
 * asymptotic are better than exact conditional".
 *
 * @param onlyFirst examples that only the first has right
 * @param onlySecond examples that only the second has right
 * @param examples all that both were judged by
 * @param pValue 0 to 1
 */
public record PairedComparison(int onlyFirst, int onlySecond, int examples, double pValue) {
  private static final double SIGNIFICANCE = 0.05;

  /** Compares by whether each example was told right; both have the same length. */
  static PairedComparison of(boolean[] first, boolean[] second) {
    if (first.length != second.length) {
      throw new IllegalArgumentException(first.length + " and " + second.length + " examples");
    }
    int onlyFirst = 0;
    int onlySecond = 0;
    for (int i = 0; i < first.length; i++) {
      onlyFirst += first[i] && !second[i] ? 1 : 0;
      onlySecond += second[i] && !first[i] ? 1 : 0;
    }
    return new PairedComparison(
        onlyFirst,
        onlySecond,
        first.length,
        midP(Math.min(onlyFirst, onlySecond), onlyFirst + onlySecond));
  }

  /** 2 P(X < k) + P(X = k) for X binomial with n trials of 1/2, k the smaller count. */
  private static double midP(int smaller, int trials) {
    if (2 * smaller == trials) {
      return 1;
    }
    double logChance = -trials * Math.log(2);
    double sum = 0;
    for (int k = 0; k <= smaller; k++) {
      sum += (k < smaller ? 2 : 1) * Math.exp(logChance);
      logChance += Math.log(trials - k) - Math.log(k + 1);
    }
    return Math.min(1, sum);
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

package dev.graft.transfer.comparison;

/**
 * One model beside another on the same examples. Immutable and thread-safe.
 *
 * @param first number of the one that is compared with, among all models
 * @param second number of the other
 * @param counts on how many examples which is right
 * @param p exact p value of McNemar's test, by Holm's method larger where several models are
 *     compared with the first (Holm 1979, "A simple sequentially rejective multiple test
 *     procedure")
 * @param logLoss log loss of the second minus that of the first: below 0 where the second's
 *     probabilities are better
 */
public record PairedResult(
    int first, int second, PairedProportions counts, double p, PairedMean logLoss) {
  private static final double SIGNIFICANT = 0.05;

  /** What can be concluded about the accuracies. */
  public enum Conclusion {
    FIRST_BETTER,
    SECOND_BETTER,
    NOTHING_SHOWN
  }

  /** The better one where p is below 0.05. */
  public Conclusion conclusion() {
    if (p >= SIGNIFICANT) {
      return Conclusion.NOTHING_SHOWN;
    }
    return counts.difference() > 0 ? Conclusion.SECOND_BETTER : Conclusion.FIRST_BETTER;
  }
}

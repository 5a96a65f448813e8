package dev.graft.transfer.comparison;

/**
 * A range that covers an unknown difference with a confidence of 95 %. Immutable and thread-safe.
 *
 * @param low the lower bound
 * @param high the upper bound, at least {@code low}
 */
public record DifferenceInterval(double low, double high) {
  /** Whether no difference at all is outside of it. */
  public boolean excludesZero() {
    return low > 0 || high < 0;
  }
}

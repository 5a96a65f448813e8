package dev.graft.transfer.evidence;

/**
 * What a threshold leads to.
 *
 * @param threshold least score of a hit
 * @param falseAccepts hits where the phrase was not said
 * @param hours in which they were counted
 * @param missed phrases without a hit
 * @param phrases that were said
 */
public record OperatingPoint(
    double threshold, int falseAccepts, double hours, int missed, int phrases) {
  /** At 95 %, as many events may have been expected where none occurred. */
  private static final double RULE_OF_THREE = 3;

  /** False accepts per hour; 0 without a stream. */
  public double falseAcceptsPerHour() {
    return hours == 0 ? 0 : falseAccepts / hours;
  }

  /** Share of the phrases that were missed, 0 to 1; 0 without phrases. */
  public double falseRejectRate() {
    return phrases == 0 ? 0 : (double) missed / phrases;
  }

  /**
   * Where no false accept occurred: the rate per hour that they have at most with a confidence of
   * 95 %, 3 / hours (Hanley and Lippman-Hand 1983, "If nothing goes wrong, is everything all
   * right?"); infinite without a stream.
   */
  public double boundWithoutFalseAccepts() {
    return hours == 0 ? Double.POSITIVE_INFINITY : RULE_OF_THREE / hours;
  }
}

package dev.graft.transfer.evidence;

/**
 * McNemar's test on two classifiers that answered the same examples: of those that only one of them
 * told right, each would fall to either with probability 1/2 if both were equally good.
 *
 * <p>Sources: McNemar 1947, "Note on the sampling error of the difference between correlated
 * proportions or percentages"; Fagerland, Lydersen and Laake 2013, "The McNemar test for binary
 * matched-pairs data: mid-p and asymptotic are better than exact conditional". Stateless.
 */
public final class McNemar {
  private McNemar() {}

  /**
   * The probability of so many wins or more by chance, those as many counted half: P(X &gt; wins) +
   * P(X = wins) / 2 for X binomial over wins + losses with probability 1/2.
   *
   * @param wins examples that only the one told right, at least 0
   * @param losses examples that only the other told right, at least 0
   */
  public static double oneSidedMidP(int wins, int losses) {
    return tail(wins, losses, 0.5);
  }

  /** The same for a difference either way: twice that of the larger count, at most 1. */
  public static double twoSidedMidP(int onlyFirst, int onlySecond) {
    return twoSided(onlyFirst, onlySecond, 0.5);
  }

  /** As {@link #twoSidedMidP}, with the examples as many counted whole; never too small. */
  public static double twoSidedExactP(int onlyFirst, int onlySecond) {
    return twoSided(onlyFirst, onlySecond, 1);
  }

  private static double twoSided(int onlyFirst, int onlySecond, double shareOfSeen) {
    if (onlyFirst == onlySecond) {
      return 1; // by symmetry, without the rounding of a long sum
    }
    int larger = Math.max(onlyFirst, onlySecond);
    int smaller = Math.min(onlyFirst, onlySecond);
    return Math.min(1, 2 * tail(larger, smaller, shareOfSeen));
  }

  private static double tail(int wins, int losses, double shareOfSeen) {
    int n = wins + losses;
    double logMass = n * Math.log(0.5); // of none
    double p = 0;
    for (int k = 0; k <= n; k++) {
      double mass = Math.exp(logMass);
      p += k > wins ? mass : k == wins ? shareOfSeen * mass : 0;
      logMass += Math.log(n - k) - Math.log(k + 1);
    }
    return Math.min(1, p);
  }
}

package dev.graft.transfer.evidence;

/**
 * A range that covers an unknown proportion with a stated confidence.
 *
 * @param low the lower bound, 0 to {@code high}
 * @param high the upper bound, {@code low} to 1
 */
public record Interval(double low, double high) {

  /** The standard normal quantile of a two-sided confidence of 95 %. */
  public static final double NORMAL_QUANTILE_95 = 1.959963984540054;

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException if not 0 &lt;= low &lt;= high &lt;= 1
   */
  public Interval {
    if (!(low >= 0 && low <= high && high <= 1)) {
      throw new IllegalArgumentException(
          "an interval of proportions needs 0 <= low <= high <= 1, got " + low + " to " + high);
    }
  }

  /**
   * The Wilson score interval of a proportion, which stays honest for few trials and for
   * proportions near 0 and 1.
   *
   * <p>With p = successes / trials: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n). Without
   * trials nothing is known and the interval is 0 to 1.
   *
   * <p>Source: E. B. Wilson, "Probable inference, the law of succession, and statistical
   * inference", JASA 22 (1927).
   *
   * @param z the standard normal quantile, for example {@link #NORMAL_QUANTILE_95}
   * @throws IllegalArgumentException if not 0 &lt;= successes &lt;= trials or z is not positive
   */
  public static Interval wilson(int successes, int trials, double z) {
    if (successes < 0 || successes > trials || !(z > 0) || Double.isInfinite(z)) {
      throw new IllegalArgumentException(
          "a Wilson interval needs 0 <= successes <= trials and a positive z, got "
              + successes
              + " of "
              + trials
              + " and z "
              + z);
    }
    return trials == 0 ? new Interval(0, 1) : wilson((double) successes / trials, trials, z);
  }

  /**
   * The same for a proportion that is worth as much as that of so many independent trials, which
   * need not be a whole number.
   *
   * @param proportion 0 to 1
   * @param trials above 0
   * @throws IllegalArgumentException if an argument is out of its range
   */
  static Interval wilson(double proportion, double trials, double z) {
    if (!(proportion >= 0 && proportion <= 1 && trials > 0)) {
      throw new IllegalArgumentException(
          "a Wilson interval needs a proportion from 0 to 1 and trials above 0, got "
              + proportion
              + " and "
              + trials);
    }
    double ratio = z * z / trials;
    double centre = (proportion + ratio / 2) / (1 + ratio);
    double half =
        z * Math.sqrt(proportion * (1 - proportion) / trials + ratio / (4 * trials)) / (1 + ratio);
    // The bounds at the ends are exact in theory; rounding must not move them.
    double low = proportion == 0 ? 0 : Math.max(0, centre - half);
    double high = proportion == 1 ? 1 : Math.min(1, centre + half);
    return new Interval(low, high);
  }

  /** The Wilson score interval with 95 % confidence. */
  static Interval wilson95(int successes, int trials) {
    return wilson(successes, trials, NORMAL_QUANTILE_95);
  }
}

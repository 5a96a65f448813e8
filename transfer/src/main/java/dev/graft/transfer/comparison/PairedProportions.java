package dev.graft.transfer.comparison;

import dev.graft.transfer.evidence.Interval;
import dev.graft.transfer.evidence.McNemar;

/**
 * On how many of the same examples two models are right. Immutable and thread-safe.
 *
 * @param both right by both
 * @param onlyFirst right by the first alone
 * @param onlySecond right by the second alone
 * @param neither right by none
 */
public record PairedProportions(int both, int onlyFirst, int onlySecond, int neither) {
  private static final double Z = Interval.NORMAL_QUANTILE_95;

  /** Checks the counts. */
  public PairedProportions {
    if (both < 0 || onlyFirst < 0 || onlySecond < 0 || neither < 0) {
      throw new IllegalArgumentException("counts of examples cannot be negative");
    }
    if ((long) both + onlyFirst + onlySecond + neither < 1) {
      throw new IllegalArgumentException("a comparison needs at least 1 example");
    }
  }

  /** The number of examples. */
  public int examples() {
    return both + onlyFirst + onlySecond + neither;
  }

  /** Accuracy of the second minus that of the first. */
  public double difference() {
    return (double) (onlySecond - onlyFirst) / examples();
  }

  /**
   * The 95 % interval of {@link #difference()}: the Wilson intervals of both accuracies, combined
   * by square and add with the correlation phi of the two, which is corrected for continuity where
   * it is positive.
   *
   * <p>Source: Newcombe 1998, "Improved confidence intervals for the difference between binomial
   * proportions based on paired data", Statistics in Medicine 17, method 10.
   */
  public DifferenceInterval interval() {
    int n = examples();
    Interval first = Interval.wilson(both + onlyFirst, n, Z);
    Interval second = Interval.wilson(both + onlySecond, n, Z);
    double a = (double) (both + onlyFirst) / n;
    double b = (double) (both + onlySecond) / n;
    double phi = correlation();
    double down = combined(b - second.low(), first.high() - a, phi);
    double up = combined(second.high() - b, a - first.low(), phi);
    return new DifferenceInterval(
        Math.max(-1, difference() - down), Math.min(1, difference() + up));
  }

  private static double combined(double ofSecond, double ofFirst, double phi) {
    double square = ofSecond * ofSecond - 2 * phi * ofSecond * ofFirst + ofFirst * ofFirst;
    return Math.sqrt(Math.max(0, square));
  }

  private double correlation() {
    double rightFirst = both + onlyFirst;
    double rightSecond = both + onlySecond;
    double wrongFirst = onlySecond + neither;
    double wrongSecond = onlyFirst + neither;
    double product = rightFirst * wrongFirst * rightSecond * wrongSecond;
    if (product == 0) {
      return 0;
    }
    double covariance = (double) both * neither - (double) onlyFirst * onlySecond;
    double corrected = covariance > 0 ? Math.max(0, covariance - examples() / 2.0) : covariance;
    return corrected / Math.sqrt(product);
  }

  /** The two-sided, exact p value of {@link McNemar}. */
  public double exactP() {
    return McNemar.twoSidedExactP(onlyFirst, onlySecond);
  }
}

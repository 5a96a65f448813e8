package dev.graft.benchmarks.speech;

import java.util.SplittableRandom;

/**
 * A range of a positive quantity that is perceived by ratios.
 *
 * @param low lowest value, above 0
 * @param high highest value; the same where the quantity cannot be set
 */
record Interval(double low, double high) {
  Interval {
    if (!(low > 0 && low <= high && high < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("Expected 0 < low <= high, found " + low + " and " + high);
    }
  }

  static Interval only(double value) {
    return new Interval(value, value);
  }

  boolean isOpen() {
    return low < high;
  }

  /** A value whose logarithm is uniform between those of the ends. */
  double draw(SplittableRandom random) {
    return low * Math.pow(high / low, random.nextDouble());
  }
}

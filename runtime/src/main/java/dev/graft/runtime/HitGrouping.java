package dev.graft.runtime;

import java.util.Optional;

/**
 * Makes one hit of all that sounds like one: it begins with a score of at least the threshold, and
 * scores like that belong to it until the refractory time has gone by without one. For one thread.
 */
public final class HitGrouping {
  private final double threshold;
  private final double refractorySeconds;
  private double lastAbove = Double.NEGATIVE_INFINITY;

  /**
   * A grouping that has heard nothing yet.
   *
   * @param threshold least score of a hit
   * @param refractorySeconds at least 0
   */
  public HitGrouping(double threshold, double refractorySeconds) {
    this.threshold = threshold;
    this.refractorySeconds = refractorySeconds;
  }

  /**
   * Takes the next score in; a hit where one begins.
   *
   * @param seconds when it was reached, not before the one before
   */
  public Optional<Detection> next(double seconds, double score) {
    if (!(score >= threshold)) {
      return Optional.empty();
    }
    boolean begins = seconds - lastAbove > refractorySeconds;
    lastAbove = seconds;
    return begins ? Optional.of(new Detection(seconds, score)) : Optional.empty();
  }
}

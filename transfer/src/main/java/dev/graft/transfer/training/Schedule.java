package dev.graft.transfer.training;

/**
 * The learning rate over the steps: linear warm-up over the first tenth, then half a cosine down to
 * a hundredth (Loshchilov and Hutter 2017, equation 5, one period).
 */
final class Schedule {
  private static final double WARM_UP_SHARE = 0.1;
  private static final double FLOOR = 0.01;

  private final long steps;
  private final long warmUp;

  Schedule(long steps) {
    this.steps = steps;
    this.warmUp = Math.round(steps * WARM_UP_SHARE);
  }

  /** The factor on the base rate at a step, counted from 0. */
  double factor(long step) {
    if (step < warmUp) {
      return (step + 1.0) / (warmUp + 1.0);
    }
    double progress = (double) (step - warmUp) / Math.max(1, steps - warmUp);
    return FLOOR + (1 - FLOOR) * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, progress)));
  }
}

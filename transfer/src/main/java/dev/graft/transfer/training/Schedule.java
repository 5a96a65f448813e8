package dev.graft.transfer.training;

/**
 * The learning rate over the steps: a linear warm-up, then half a cosine down to a floor
 * (Loshchilov and Hutter 2017, equation 5, one period).
 */
public final class Schedule {
  private static final double FINE_TUNING_WARM_UP = 0.1;
  private static final double FINE_TUNING_FLOOR = 0.01;

  private final long steps;
  private final long warmUp;
  private final double floor;

  /**
   * A schedule.
   *
   * @param steps number of steps
   * @param warmUp steps during which the rate rises
   * @param floor share of the base rate at the end, in [0, 1]
   */
  public Schedule(long steps, long warmUp, double floor) {
    this.steps = steps;
    this.warmUp = warmUp;
    this.floor = floor;
  }

  /** Warm-up over the first tenth, down to a hundredth. */
  static Schedule ofFineTuning(long steps) {
    return new Schedule(steps, Math.round(steps * FINE_TUNING_WARM_UP), FINE_TUNING_FLOOR);
  }

  /** The factor on the base rate at a step, counted from 0. */
  public double factor(long step) {
    if (step < warmUp) {
      return (step + 1.0) / (warmUp + 1.0);
    }
    double progress = (double) (step - warmUp) / Math.max(1, steps - warmUp);
    return floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, progress)));
  }
}

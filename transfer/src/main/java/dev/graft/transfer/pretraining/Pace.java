package dev.graft.transfer.pretraining;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * The speed of a training whose images grow: a step's work is taken as its pixels. For one thread.
 */
final class Pace {
  private static final int LATEST_STEPS = 50;

  private final PretrainingSettings settings;
  private final int stepsPerEpoch;
  private final LongSupplier nanoClock;
  private final Deque<Long> latest = new ArrayDeque<>();
  private final long begun;
  private double costDone;

  Pace(PretrainingSettings settings, int stepsPerEpoch, LongSupplier nanoClock) {
    this.settings = settings;
    this.stepsPerEpoch = stepsPerEpoch;
    this.nanoClock = nanoClock;
    this.begun = nanoClock.getAsLong();
    latest.add(begun);
  }

  /** A step of an epoch was taken. */
  void step(int epoch) {
    costDone += cost(epoch);
    latest.add(nanoClock.getAsLong());
    if (latest.size() > LATEST_STEPS + 1) {
      latest.remove();
    }
  }

  /** Examples of the latest steps for each second. */
  double examplesPerSecond(int batchSize) {
    double seconds = (latest.getLast() - latest.getFirst()) / 1e9;
    return seconds <= 0 ? 0 : (latest.size() - 1) * batchSize / seconds;
  }

  /** The time that what is left will take at the speed so far, evaluations included. */
  Duration left(int epoch, int stepsOfEpoch) {
    double cost = (stepsPerEpoch - stepsOfEpoch) * cost(epoch);
    for (int later = epoch + 1; later < settings.epochs(); later++) {
      cost += stepsPerEpoch * cost(later);
    }
    double seconds = (latest.getLast() - begun) / 1e9;
    return costDone == 0
        ? Duration.ZERO
        : Duration.ofSeconds(Math.round(seconds * cost / costDone));
  }

  private double cost(int epoch) {
    return settings.views().cost(epoch, settings.epochs());
  }
}

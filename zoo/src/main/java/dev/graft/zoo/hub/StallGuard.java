package dev.graft.zoo.hub;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Closes a body that gives nothing any more, which wakes the thread that reads it: a connection
 * that died without a word would else be waited for for ever.
 */
final class StallGuard implements AutoCloseable {
  private static final ScheduledThreadPoolExecutor CLOCK = clock();

  private final long mostNanos;
  private final ScheduledFuture<?> check;
  private volatile long lastNanos = System.nanoTime();
  private volatile boolean stalled;

  StallGuard(HubResponse response, Duration most) {
    mostNanos = most.toNanos();
    long interval = Math.max(1, most.toMillis() / 4);
    check =
        CLOCK.scheduleWithFixedDelay(
            () -> {
              if (System.nanoTime() - lastNanos > mostNanos) {
                stalled = true;
                response.close();
              }
            },
            interval,
            interval,
            TimeUnit.MILLISECONDS);
  }

  private static ScheduledThreadPoolExecutor clock() {
    ScheduledThreadPoolExecutor clock =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "graft-hub-stall");
              thread.setDaemon(true);
              return thread;
            });
    clock.setRemoveOnCancelPolicy(true);
    return clock;
  }

  /** Something came. */
  void progress() {
    lastNanos = System.nanoTime();
  }

  boolean hasStalled() {
    return stalled;
  }

  @Override
  public void close() {
    check.cancel(false);
  }
}

package dev.graft.zoo.hub.server;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Drops clients that neither take nor send anything, each of which would hold a thread for ever.
 * Thread-safe.
 */
final class StallWatch implements AutoCloseable {
  private final long mostNanos;
  private final Map<HubExchange, Long> waiting = new ConcurrentHashMap<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "graft-hub-stalls");
            thread.setDaemon(true);
            return thread;
          });

  StallWatch(Duration most) {
    this.mostNanos = most.toNanos();
    long period = Math.max(10, most.toMillis() / 4);
    var unused =
        clock.scheduleWithFixedDelay(this::dropStalled, period, period, TimeUnit.MILLISECONDS);
  }

  /** From now on, the server waits for the client; its own work does not count. */
  void waits(HubExchange exchange) {
    waiting.put(exchange, System.nanoTime());
  }

  void ended(HubExchange exchange) {
    waiting.remove(exchange);
  }

  private void dropStalled() {
    long now = System.nanoTime();
    waiting.forEach(
        (exchange, since) -> {
          if (now - since > mostNanos) {
            waiting.remove(exchange);
            exchange.drop();
          }
        });
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}

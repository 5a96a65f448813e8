package dev.graft.zoo.hub;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often a hub is asked again, and how long is waited for it. Immutable and thread-safe.
 *
 * @param tries how often a request is made before it counts as failed
 * @param firstWait before the second try; each further wait is twice as long
 * @param longestWait between two tries, where the hub does not ask for more
 * @param longestObeyed the longest wait that a hub may ask for; beyond it the pull ends
 * @param answer how long an answer may take to begin
 * @param stall how long a body may give nothing before it counts as broken off
 */
record Patience(
    int tries,
    Duration firstWait,
    Duration longestWait,
    Duration longestObeyed,
    Duration answer,
    Duration stall) {
  /** The hub counts requests in windows of five minutes. */
  static final Patience USUAL =
      new Patience(
          5,
          Duration.ofSeconds(1),
          Duration.ofSeconds(16),
          Duration.ofMinutes(6),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30));

  /**
   * The wait after a failed try: exponential, with a random part so that many clients do not come
   * back at once. No result depends on it, so it has no seed.
   */
  Duration waitAfter(int failedTries) {
    long doubled = firstWait.toMillis() << Math.min(20, failedTries - 1);
    long most = Math.min(doubled, longestWait.toMillis());
    return Duration.ofMillis(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
  }
}

package dev.graft.zoo.hub;

import java.time.Duration;

/** Hears that a hub will be asked again later; may be called by several threads. */
@FunctionalInterface
public interface WaitListener {
  /** Says nothing. */
  WaitListener SILENT = (reason, wait) -> {};

  /**
   * Called before each wait.
   *
   * @param reason what the hub answered, such as "it answered 429"
   */
  void waits(String reason, Duration wait);
}

package dev.graft.transfer.advice;

import java.util.LinkedHashMap;
import java.util.Map;

/** Measures steps that follow each other; a name that comes again adds up. */
final class Timing {
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private long last = System.nanoTime();

  /** Ends a step. */
  void lap(String name) {
    long now = System.nanoTime();
    seconds.merge(name, (now - last) / 1e9, Double::sum);
    last = now;
  }

  Map<String, Double> seconds() {
    return new LinkedHashMap<>(seconds);
  }
}

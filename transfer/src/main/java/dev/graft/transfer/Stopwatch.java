package dev.graft.transfer;

import java.util.LinkedHashMap;
import java.util.Map;

/** Durations of the phases of a run. */
final class Stopwatch {
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private long last = System.nanoTime();

  /** The time since the last lap belongs to a phase. */
  void lap(String phase) {
    long now = System.nanoTime();
    seconds.merge(phase, (now - last) / 1e9, Double::sum);
    last = now;
  }

  Map<String, Double> seconds() {
    return new LinkedHashMap<>(seconds);
  }
}

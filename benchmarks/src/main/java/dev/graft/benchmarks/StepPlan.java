package dev.graft.benchmarks;

import java.util.List;

/**
 * How {@link StepTable} measures.
 *
 * @param batch images of a step, at least 1
 * @param seconds least time of one measurement
 * @param rounds how often each contestant is measured; the median counts
 */
record StepPlan(int batch, double seconds, int rounds) {
  StepPlan {
    if (batch < 1 || rounds < 1 || !(seconds > 0)) {
      throw new IllegalArgumentException(
          "--batch and --rounds must be at least 1 and --seconds above 0, but are %d, %d and %s"
              .formatted(batch, rounds, seconds));
    }
  }

  /** What a process is told. */
  List<String> arguments(List<String> passes) {
    return List.of(Integer.toString(batch), Double.toString(seconds), String.join(",", passes));
  }
}

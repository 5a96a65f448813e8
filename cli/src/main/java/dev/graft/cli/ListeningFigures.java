package dev.graft.cli;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/** How long listening takes. One thread listens; any may ask for the text. */
final class ListeningFigures {
  private final double rate;
  private final long begun = System.nanoTime();
  private final long cpuBegun = cpu();
  private long samples;
  private long hits;
  private long computing;
  private long longest;
  private long steps;
  private long cpuUsed;

  ListeningFigures(int sampleRate) {
    this.rate = sampleRate;
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** A step was made: so many samples were heard, so many hits found, in so many nanoseconds. */
  synchronized void step(int count, int found, long nanos) {
    samples += count;
    hits += found;
    computing += nanos;
    longest = Math.max(longest, nanos);
    steps++;
    cpuUsed = cpu() - cpuBegun;
  }

  /** For example {@code 12.0 s heard, 3 hits; 0.9 ms per answer (most 4.0 ms), 1.2 % of a core}. */
  synchronized String text(boolean live) {
    double seconds = samples / rate;
    double elapsed = (System.nanoTime() - begun) / 1e9;
    String counted = Wording.seconds(seconds) + " heard, " + Wording.count(hits, "hit") + "; ";
    String core =
        seconds == 0
            ? ""
            : String.format(
                Locale.ROOT,
                ", %.1f %% of a core for sound as it comes",
                100 * cpuUsed / 1e9 / seconds);
    return live
        ? counted
            + String.format(
                Locale.ROOT,
                "%.1f ms until an answer (at most %.1f ms)",
                steps == 0 ? 0 : computing / 1e6 / steps,
                longest / 1e6)
            + core
        : counted
            + String.format(
                Locale.ROOT,
                "%.0f times as fast as it was said",
                elapsed == 0 ? 0 : seconds / elapsed)
            + core;
  }
}

package dev.graft.benchmarks;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Times passes over batches and writes their rate as a line "NAME RATE", which {@link StepRun}
 * reads. What a peer's own process needs, so it uses nothing else. For one thread.
 */
public final class StepClock {
  private static final double SHARE_OF_WARM_UP = 0.5;

  private final PrintStream out;
  private final double seconds;
  private final LongSupplier nanoseconds;

  /**
   * A clock.
   *
   * @param out receives the lines
   * @param seconds least time of a measurement; half of it goes before as warm-up
   */
  public StepClock(PrintStream out, double seconds) {
    this(out, seconds, System::nanoTime);
  }

  StepClock(PrintStream out, double seconds, LongSupplier nanoseconds) {
    this.out = out;
    this.seconds = seconds;
    this.nanoseconds = nanoseconds;
  }

  /**
   * Measures.
   *
   * @param name what is measured
   * @param units what one pass counts for: images, or multiply-adds
   */
  public void measure(String name, double units, Runnable pass) {
    warmUp(pass);
    long start = nanoseconds.getAsLong();
    int passes = repeat(pass, seconds);
    double rate = units * passes / ((nanoseconds.getAsLong() - start) / 1e9);
    out.println(String.format(Locale.ROOT, "%s %.6e", name, rate));
    out.flush();
  }

  /** For half the time, or two passes where these are not too long. */
  private void warmUp(Runnable pass) {
    long start = nanoseconds.getAsLong();
    pass.run();
    if (nanoseconds.getAsLong() - start < seconds * 1e9) {
      repeat(pass, SHARE_OF_WARM_UP * seconds);
    }
  }

  private int repeat(Runnable pass, double seconds) {
    long start = nanoseconds.getAsLong();
    int passes = 0;
    do {
      pass.run();
      passes++;
    } while (nanoseconds.getAsLong() - start < seconds * 1e9);
    return passes;
  }
}

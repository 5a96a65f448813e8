package dev.graft.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows how far a long job is, on standard error: one line that is redrawn on a terminal, a plain
 * line every few seconds elsewhere.
 *
 * <p>Thread-safe.
 */
final class Progress implements AutoCloseable {
  private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();
  private static final long PLAIN_NANOS = Duration.ofSeconds(5).toNanos();

  /** Slower than this, only the time left says something. */
  private static final double SLOWEST_RATE_SHOWN = 0.5;

  /** Before this, a rate would be a guess. */
  private static final long RATE_NANOS = Duration.ofMillis(500).toNanos();

  private static final int BAR_CELLS = 12;
  private static final String CLEAR_LINE = "\r\u001b[K";
  private static final String CYAN = "\u001b[36m";
  private static final String PLAIN = "\u001b[0m";

  private final PrintWriter error;
  private final Terminal terminal;
  private final LongSupplier nanoClock;
  private String phase = "";
  private long phaseStart;
  private long lastShown;
  private long done;
  private long total;
  private String unit = "";
  private String detail = "";
  private boolean lineOpen;
  private boolean plainLineDue;

  Progress(Console console, LongSupplier nanoClock) {
    this.error = console.error();
    this.terminal = console.terminal();
    this.nanoClock = nanoClock;
  }

  static Progress on(Console console) {
    return new Progress(console, System::nanoTime);
  }

  /** Begins a phase; the one before it is over. */
  synchronized void phase(String name) {
    finishPhase();
    phase = name;
    phaseStart = nanoClock.getAsLong();
    lastShown = phaseStart;
    done = 0;
    total = 0;
    unit = "";
    detail = "";
    if (terminal.showsProgress()) {
      redraw();
    } else {
      error.println(phase + " ...");
    }
  }

  /** Reports what is done of a phase; {@code whole} is 0 where nobody knows it. */
  synchronized void update(String phaseName, long finished, long whole, String unitName) {
    update(phaseName, finished, whole, unitName, "");
  }

  /**
   * The same with figures that take the place of the rate and the time left as they would be
   * reckoned here.
   */
  synchronized void update(
      String phaseName, long finished, long whole, String unitName, String figures) {
    if (!phaseName.equals(phase)) {
      phase(phaseName);
    }
    detail = figures;
    done = finished;
    total = whole;
    unit = unitName;
    long now = nanoClock.getAsLong();
    boolean complete = total > 0 && done >= total;
    if (terminal.showsProgress()) {
      if (complete || now - lastShown >= REDRAW_NANOS) {
        lastShown = now;
        redraw();
      }
    } else if (now - lastShown >= PLAIN_NANOS) {
      lastShown = now;
      plainLineDue = !complete;
      error.println(state(now));
    } else {
      plainLineDue = true;
    }
  }

  /** A remark that stays, above the progress line. */
  synchronized void note(String sentence) {
    clear();
    error.println(sentence);
    if (terminal.showsProgress() && !phase.isEmpty()) {
      redraw();
    }
  }

  /** Ends the last phase. */
  @Override
  public synchronized void close() {
    finishPhase();
    phase = "";
  }

  /** Leaves the line as it is and goes to the next, for a message about an interruption. */
  synchronized void abandon() {
    if (lineOpen) {
      error.println();
      lineOpen = false;
    }
    phase = "";
  }

  private void finishPhase() {
    if (phase.isEmpty()) {
      return;
    }
    long now = nanoClock.getAsLong();
    boolean counted = done > 0;
    clear();
    if (counted && (terminal.showsProgress() || plainLineDue)) {
      error.println(
          phase
              + ": "
              + amount(done)
              + " in "
              + Wording.seconds((now - phaseStart) / 1e9)
              + rate(now));
    }
    plainLineDue = false;
  }

  private void clear() {
    if (lineOpen) {
      error.print(CLEAR_LINE);
      error.flush();
      lineOpen = false;
    }
  }

  private void redraw() {
    String text = state(nanoClock.getAsLong());
    String bar = total > 0 ? bar() + " " : "";
    int room = terminal.columns() - 1 - bar.length();
    String shown = text.length() > room ? text.substring(0, Math.max(0, room)) : text;
    String colouredBar = terminal.coloured() && !bar.isEmpty() ? CYAN + bar + PLAIN : bar;
    error.print(CLEAR_LINE + colouredBar + shown);
    error.flush();
    lineOpen = true;
  }

  private String bar() {
    int filled = (int) Math.min(BAR_CELLS, BAR_CELLS * done / total);
    return "[" + "#".repeat(filled) + "-".repeat(BAR_CELLS - filled) + "]";
  }

  /** For example {@code Features: 45 %, 110 of 244 images, 180/s, 1 s left}. */
  private String state(long now) {
    StringBuilder text = new StringBuilder(phase);
    if (total > 0) {
      text.append(": ").append(Math.min(100, 100 * done / total)).append(" %, ");
      text.append(Wording.count(done)).append(" of ").append(amount(total));
    } else if (done > 0) {
      text.append(": ").append(amount(done));
    } else {
      text.append(" ...");
    }
    if (!detail.isEmpty()) {
      return text.append(", ").append(detail).toString();
    }
    text.append(rate(now));
    double perSecond = perSecond(now);
    if (total > done && perSecond > 0) {
      long left = (long) Math.ceil((total - done) / perSecond);
      text.append(", ").append(Wording.duration(Duration.ofSeconds(left))).append(" left");
    }
    return text.toString();
  }

  private String rate(long now) {
    double perSecond = perSecond(now);
    return perSecond < SLOWEST_RATE_SHOWN
        ? ""
        : String.format(Locale.ROOT, perSecond < 10 ? ", %.1f/s" : ", %,.0f/s", perSecond);
  }

  private double perSecond(long now) {
    long elapsed = now - phaseStart;
    return elapsed < RATE_NANOS || done == 0 ? 0 : done * 1e9 / elapsed;
  }

  private String amount(long number) {
    return Wording.count(number) + (unit.isEmpty() ? "" : " " + unit);
  }
}

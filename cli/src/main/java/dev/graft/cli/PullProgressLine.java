package dev.graft.cli;

import dev.graft.zoo.hub.HubFileName;
import dev.graft.zoo.hub.ModelReference;
import dev.graft.zoo.hub.PullListener;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Shows how far a pull is: share, bytes, rate and time left. */
final class PullProgressLine implements PullListener {
  private static final long BYTES_PER_MEGABYTE = 1_000_000;

  /** Bytes come thousands of times a second. */
  private static final Duration REDRAW = Duration.ofMillis(100);

  private static final Duration BEFORE_RATE = Duration.ofMillis(500);
  private static final Duration WORTH_TELLING = Duration.ofSeconds(3);

  private final Progress progress;
  private final String phase;
  private final Runnable betweenSteps;
  private long firstNanos;
  private long lastNanos;

  /**
   * @param betweenSteps called as bytes come; throws when the process is to end
   */
  PullProgressLine(Progress progress, ModelReference model, Runnable betweenSteps) {
    this.progress = progress;
    this.phase = "Pulling " + model;
    this.betweenSteps = betweenSteps;
    progress.phase(phase);
  }

  @Override
  public void chosen(List<HubFileName> files, long wholeBytes, String choice) {
    progress.note(
        Wording.name(choice)
            + " "
            + Wording.count(files.size(), "file")
            + ", "
            + Wording.bytes(wholeBytes)
            + ".");
  }

  @Override
  public void progress(long doneBytes, long wholeBytes, long receivedBytes) {
    betweenSteps.run();
    long now = System.nanoTime();
    if (receivedBytes > 0 && firstNanos == 0) {
      firstNanos = now;
    }
    if (doneBytes < wholeBytes && now - lastNanos < REDRAW.toNanos()) {
      return;
    }
    lastNanos = now;
    progress.update(
        phase,
        megabytes(doneBytes),
        megabytes(wholeBytes),
        "MB",
        figures(wholeBytes - doneBytes, receivedBytes, now - firstNanos));
  }

  private static long megabytes(long bytes) {
    return (bytes + BYTES_PER_MEGABYTE - 1) / BYTES_PER_MEGABYTE;
  }

  /** What lay there before is no sign of speed. */
  private static String figures(long leftBytes, long receivedBytes, long nanos) {
    if (receivedBytes == 0) {
      return "nothing fetched yet";
    }
    if (nanos < BEFORE_RATE.toNanos()) {
      return "";
    }
    double perSecond = receivedBytes * 1e9 / nanos;
    String rate = String.format(Locale.ROOT, "%.1f MB/s", perSecond / BYTES_PER_MEGABYTE);
    long secondsLeft = (long) Math.ceil(leftBytes / Math.max(1, perSecond));
    return leftBytes == 0
        ? rate
        : rate + ", " + Wording.duration(Duration.ofSeconds(secondsLeft)) + " left";
  }

  @Override
  public void waitsForOther(HubFileName file) {
    progress.note("Another process fetches " + Wording.name(file.text()) + "; waiting for it.");
  }

  @Override
  public void waits(String reason, Duration wait) {
    betweenSteps.run();
    if (wait.compareTo(WORTH_TELLING) > 0) {
      progress.note(
          "The hub: " + Wording.name(reason) + "; asking again in " + Wording.duration(wait) + ".");
    }
  }
}

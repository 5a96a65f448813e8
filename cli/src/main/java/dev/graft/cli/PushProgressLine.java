package dev.graft.cli;

import dev.graft.zoo.hub.ModelReference;
import dev.graft.zoo.hub.PushListener;
import java.time.Duration;

/** Shows how far a push is. */
final class PushProgressLine implements PushListener {
  private static final long BYTES_PER_MEGABYTE = 1_000_000;
  private static final Duration WORTH_TELLING = Duration.ofSeconds(3);

  private final Progress progress;
  private final String phase;
  private final Runnable betweenSteps;

  /**
   * @param betweenSteps called as bytes go; throws when the process is to end
   */
  PushProgressLine(Progress progress, ModelReference model, Runnable betweenSteps) {
    this.progress = progress;
    this.phase = "Pushing " + model;
    this.betweenSteps = betweenSteps;
  }

  @Override
  public void progress(long sentBytes, long wholeBytes) {
    betweenSteps.run();
    progress.update(phase, megabytes(sentBytes), megabytes(wholeBytes), "MB");
  }

  private static long megabytes(long bytes) {
    return (bytes + BYTES_PER_MEGABYTE - 1) / BYTES_PER_MEGABYTE;
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

package dev.graft.cli;

import java.io.IOException;
import java.util.Locale;

/** Standard output does not take results any more. */
final class OutputLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean readerGone;

  OutputLostException(IOException failure) {
    super(
        "Writing results to standard output failed: "
            + FileProblems.reason(failure)
            + ". Free some space or write elsewhere, then run the command again.",
        failure);
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    this.readerGone = message.contains("broken pipe") || message.contains("pipe is being closed");
  }

  /**
   * Whether the program that read the results has ended, as {@code head} does: no error of ours.
   */
  boolean readerGone() {
    return readerGone;
  }
}

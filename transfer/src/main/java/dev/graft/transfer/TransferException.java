package dev.graft.transfer;

/** A transfer that cannot be made: settings, data and backbone do not fit together. */
public final class TransferException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Whose mistake it is, which decides the exit code of the command. */
  public enum Cause {
    /** A setting is missing or out of its range. */
    SETTINGS,
    /** The data do not allow it. */
    DATA,
    /** The backbone does not allow it. */
    MODEL,
    /** The machine does not allow it: disk, permissions, native libraries. */
    ENVIRONMENT
  }

  private final Cause reason;

  /** Creates an exception whose message says what was done, expected, found and what to do next. */
  public TransferException(Cause reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Creates an exception with the failure beneath it. */
  public TransferException(Cause reason, String message, Throwable beneath) {
    super(message, beneath);
    this.reason = reason;
  }

  /** Whose mistake it is. */
  public Cause reason() {
    return reason;
  }
}

package dev.graft.zoo.hub;

/** A hub, or the cache of what came from one, does not give what was asked for. */
public final class HubException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What went wrong, which decides the exit code of the command. */
  public enum Cause {
    /** An id, a revision or a setting is not of its form. */
    USAGE,
    /** The hub, or the cache while offline, does not have it. */
    NOT_FOUND,
    /** It is there, but only for those who may see it. */
    GATED,
    /** What came is not what was announced, or what was announced is refused. */
    DAMAGED,
    /** The hub cannot be reached, or does not answer as it should. */
    NETWORK,
    /** The disk is full or cannot be written to. */
    DISK
  }

  private final Cause reason;

  /** Creates an exception whose message says what was done, expected, found and what to do next. */
  public HubException(Cause reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Creates an exception with the failure beneath it. */
  public HubException(Cause reason, String message, Throwable beneath) {
    super(message, beneath);
    this.reason = reason;
  }

  /** What went wrong. */
  public Cause reason() {
    return reason;
  }
}

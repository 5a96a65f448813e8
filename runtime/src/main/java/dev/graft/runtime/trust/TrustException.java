package dev.graft.runtime.trust;

import org.jspecify.annotations.Nullable;

/**
 * A folder or key that cannot be used to list, sign or verify; the message says what was expected,
 * what was found and what to do.
 */
public final class TrustException extends RuntimeException {
  /** Whose fault it is. */
  public enum Cause {
    /** The key file that was named is not one, or not of the kind that was needed. */
    KEY,
    /** The folder's files are not what they should be. */
    FOLDER
  }

  private static final long serialVersionUID = 1L;

  private final Cause reason;

  TrustException(Cause reason, String message) {
    this(reason, message, null);
  }

  TrustException(Cause reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Whose fault it is. */
  public Cause reason() {
    return reason;
  }
}

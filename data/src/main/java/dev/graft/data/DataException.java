package dev.graft.data;

/**
 * Data that cannot be used as asked.
 *
 * <p>The message says what was done, what was expected, what was found and what to do next, and
 * names the file or class concerned.
 */
public final class DataException extends RuntimeException {

  /** An error found in the data itself. */
  public DataException(String message) {
    super(message);
  }

  /** An error reported by the file system or by a decoder. */
  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}

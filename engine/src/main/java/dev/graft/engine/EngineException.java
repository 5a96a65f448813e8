package dev.graft.engine;

/** A graph that the engine cannot run or train, or a native library that failed while doing so. */
public final class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception whose message says what was done, expected and found. */
  public EngineException(String message) {
    super(message);
  }

  /** Creates an exception with the failure beneath it. */
  public EngineException(String message, Throwable cause) {
    super(message, cause);
  }
}

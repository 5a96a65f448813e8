package dev.graft.onnx;

import org.jspecify.annotations.Nullable;

/**
 * A model file that cannot be read, is not valid ONNX, or needs something that Graft does not do.
 *
 * <p>The message names the file, what was expected, what was found and what to do next.
 */
public class OnnxModelException extends RuntimeException {
  /** Creates the exception with a complete message. */
  public OnnxModelException(String message) {
    super(message);
  }

  /** Creates the exception with a complete message and the failure below it. */
  public OnnxModelException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

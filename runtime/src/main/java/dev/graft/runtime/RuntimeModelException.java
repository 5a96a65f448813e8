package dev.graft.runtime;

import org.jspecify.annotations.Nullable;

/**
 * An ONNX file that cannot be opened or run; the message names the file, what was expected and what
 * was found.
 */
public final class RuntimeModelException extends RuntimeException {

  RuntimeModelException(String message) {
    super(message);
  }

  RuntimeModelException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

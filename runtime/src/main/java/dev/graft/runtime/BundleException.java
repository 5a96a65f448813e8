package dev.graft.runtime;

import org.jspecify.annotations.Nullable;

/**
 * A folder that is no bundle or a bundle whose parts do not belong together; the message names the
 * folder, the file, what was expected and what to do.
 */
public final class BundleException extends RuntimeException {

  BundleException(String message) {
    super(message);
  }

  BundleException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

package dev.graft.cli;

import dev.graft.data.DataException;
import dev.graft.engine.EngineException;
import dev.graft.onnx.OnnxModelException;
import dev.graft.runtime.BundleException;
import dev.graft.runtime.ParityException;
import dev.graft.runtime.RuntimeModelException;
import dev.graft.runtime.trust.TrustException;
import dev.graft.transfer.PreprocessingUnknownException;
import dev.graft.transfer.TransferException;
import dev.graft.zoo.hub.HubException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import org.jspecify.annotations.Nullable;

/**
 * A failure as the user sees it.
 *
 * @param exitCode one of {@link ExitCode}
 * @param message what was done, expected and found, and what to do next
 */
record Failure(int exitCode, String message) {

  /** Sorts a throwable by its type; what is not known is reported as an error in Graft itself. */
  static Failure of(Throwable thrown) {
    if (!(thrown instanceof HubException) && FileProblems.isFullDisk(thrown)) {
      return new Failure(
          ExitCode.ENVIRONMENT,
          text(thrown) + " The disk is full: free some space, then run the same command again.");
    }
    if (thrown instanceof TransferException transfer) {
      return new Failure(exitCode(transfer.reason()), text(thrown));
    }
    if (thrown instanceof HubException hub) {
      return new Failure(exitCode(hub.reason()), text(thrown));
    }
    if (thrown instanceof TrustException trust) {
      boolean key = trust.reason() == TrustException.Cause.KEY;
      return new Failure(key ? ExitCode.USAGE : ExitCode.MODEL, text(thrown));
    }
    if (thrown instanceof PreprocessingUnknownException) {
      return new Failure(ExitCode.USAGE, text(thrown));
    }
    if (thrown instanceof DataException) {
      return new Failure(ExitCode.DATA, text(thrown));
    }
    if (isAboutModel(thrown)) {
      boolean nativeLibrary = thrown.getCause() instanceof LinkageError;
      return new Failure(nativeLibrary ? ExitCode.ENVIRONMENT : ExitCode.MODEL, text(thrown));
    }
    if (thrown instanceof OutputLostException) {
      return new Failure(ExitCode.ENVIRONMENT, text(thrown));
    }
    return ofMachine(thrown);
  }

  private static Failure ofMachine(Throwable thrown) {
    if (thrown instanceof OutOfMemoryError) {
      return new Failure(
          ExitCode.ENVIRONMENT,
          "The memory does not suffice ("
              + thrown.getMessage()
              + "). Give Java more with GRAFT_JAVA_OPTS=-Xmx4g, take smaller"
              + " passes (--micro-batch 4, --activations recomputed), or a smaller backbone.");
    }
    if (thrown instanceof LinkageError) {
      return new Failure(
          ExitCode.ENVIRONMENT,
          "Loading a library failed: "
              + thrown.getMessage()
              + ". Graft runs on Linux x86-64, macOS arm64 and Windows x86-64; build it on the"
              + " machine that it runs on.");
    }
    if (thrown instanceof InvalidPathException path) {
      return new Failure(
          ExitCode.USAGE,
          "The path "
              + Wording.printable(path.getInput())
              + " cannot be used: "
              + path.getReason()
              + ". Set a UTF-8 locale such as LC_ALL=C.UTF-8 where the name has letters beyond"
              + " ASCII.");
    }
    IOException beneath = inputOutput(thrown);
    if (beneath != null) {
      return new Failure(
          FileProblems.isForbidden(beneath) ? ExitCode.ENVIRONMENT : ExitCode.OTHER,
          "Reading or writing a file failed: " + FileProblems.reason(beneath) + ".");
    }
    return new Failure(
        ExitCode.OTHER,
        "This should not happen: "
            + thrown.getClass().getSimpleName()
            + (thrown.getMessage() == null ? "" : ": " + thrown.getMessage())
            + ". Run the command again with --stacktrace and report what it shows.");
  }

  private static boolean isAboutModel(Throwable thrown) {
    return thrown instanceof OnnxModelException
        || thrown instanceof EngineException
        || thrown instanceof BundleException
        || thrown instanceof RuntimeModelException
        || thrown instanceof ParityException;
  }

  private static int exitCode(TransferException.Cause cause) {
    return switch (cause) {
      case SETTINGS -> ExitCode.USAGE;
      case DATA -> ExitCode.DATA;
      case MODEL -> ExitCode.MODEL;
      case ENVIRONMENT -> ExitCode.ENVIRONMENT;
    };
  }

  private static int exitCode(HubException.Cause cause) {
    return switch (cause) {
      case USAGE -> ExitCode.USAGE;
      case NOT_FOUND, GATED, DAMAGED -> ExitCode.MODEL;
      case NETWORK, DISK -> ExitCode.ENVIRONMENT;
    };
  }

  private static @Nullable IOException inputOutput(Throwable thrown) {
    if (thrown instanceof UncheckedIOException unchecked) {
      return unchecked.getCause();
    }
    return thrown instanceof IOException checked ? checked : null;
  }

  private static String text(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null ? thrown.getClass().getSimpleName() : Wording.printable(message);
  }
}

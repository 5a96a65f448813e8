package dev.graft.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * ONNX Runtime's environment, of which a process has one.
 *
 * <p>ONNX Runtime 1.29 matches the whole command line of the process against a regular expression
 * when it makes the environment, with a matcher that recurses for each character (about 270 bytes).
 * On a thread with Java's usual stack of 1 MB, a command line of 4,000 characters - a long class
 * path, a shell's expansion of {@code photos/*.jpg} - would end the JVM with a segmentation fault.
 * So the environment is made on a thread of its own, whose stack fits.
 *
 * <p>Thread-safe: all callers get the same environment; where making it fails, the next call tries
 * again.
 */
final class NativeEnvironment {
  private static final Path OWN_COMMAND_LINE = Path.of("/proc/self/cmdline");
  private static final long USUAL_STACK_BYTES = 8L << 20;
  private static final long BYTES_FOR_EACH_CHARACTER = 512;

  /** The longest that Windows allows, where a process cannot ask for its own. */
  private static final long CHARACTERS_IF_UNKNOWN = 32_767;

  /** What Linux allows by default. A longer one gets the stack of this one. */
  private static final long MOST_CHARACTERS = 2L << 20;

  private static @Nullable OrtEnvironment made;

  private NativeEnvironment() {}

  /**
   * The environment; the first call makes it.
   *
   * @throws OrtException if ONNX Runtime refuses
   */
  static synchronized OrtEnvironment get() throws OrtException {
    OrtEnvironment environment = made;
    if (environment == null) {
      environment = onDeepStack(NativeEnvironment::make);
      made = environment;
    }
    return environment;
  }

  /** What a call gives or throws, made on a thread whose stack fits the command line. */
  static <T> T onDeepStack(Callable<T> call) throws OrtException {
    FutureTask<T> task = new FutureTask<>(call);
    Thread thread = new Thread(null, task, "graft-onnxruntime-start", stackBytes());
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException later) {
          // Native code cannot be stopped; it takes milliseconds.
          interrupted = true;
        }
      }
    } catch (ExecutionException failure) {
      throw passOn(failure.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static OrtEnvironment make() throws OrtException {
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "graft");
    environment.setTelemetry(false);
    return environment;
  }

  /** Throws what the other thread threw, such as an UnsatisfiedLinkError. */
  private static IllegalStateException passOn(@Nullable Throwable thrown) throws OrtException {
    if (thrown instanceof OrtException refused) {
      throw refused;
    }
    if (thrown instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("Starting ONNX Runtime failed", thrown);
  }

  /** Bytes of address space for the stack; only what is used takes memory. */
  private static long stackBytes() {
    return USUAL_STACK_BYTES
        + BYTES_FOR_EACH_CHARACTER * Math.min(MOST_CHARACTERS, commandLineCharacters());
  }

  private static long commandLineCharacters() {
    if (Files.exists(OWN_COMMAND_LINE)) {
      try {
        // ProcessHandle reads the first page of it only.
        return Files.readAllBytes(OWN_COMMAND_LINE).length;
      } catch (IOException unreadable) {
        return CHARACTERS_IF_UNKNOWN;
      }
    }
    return ProcessHandle.current()
        .info()
        .commandLine()
        .map(line -> (long) line.length())
        .orElse(CHARACTERS_IF_UNKNOWN);
  }
}

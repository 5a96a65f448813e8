package dev.graft.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The length of this process's command line, which decides how much stack the command needs.
 *
 * <p>ONNX Runtime 1.29 matches the whole command line against a regular expression when it starts,
 * with a matcher that recurses for each character (about 270 bytes). With Java's usual stack of 1
 * MB a command line of 4,000 characters, such as {@code photos/*.jpg} expanded by a shell, would
 * end the process with a segmentation fault.
 */
final class CommandLineLength {
  private static final Path OWN_COMMAND_LINE = Path.of("/proc/self/cmdline");
  private static final long USUAL_STACK_BYTES = 8L << 20;
  private static final long BYTES_FOR_EACH_CHARACTER = 512;

  private CommandLineLength() {}

  /** Bytes of stack for the thread that runs the command; only what is used takes memory. */
  static long stackBytes() {
    return USUAL_STACK_BYTES + BYTES_FOR_EACH_CHARACTER * characters();
  }

  private static long characters() {
    try {
      return Files.exists(OWN_COMMAND_LINE) ? Files.readAllBytes(OWN_COMMAND_LINE).length : 0;
    } catch (IOException unknown) {
      return 0;
    }
  }
}

package dev.graft.benchmarks.speech;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A synthesizer's process that came to its end.
 *
 * @param ended whether it ended by itself with code 0
 * @param output what it wrote, of both kinds, in its last 64 KiB; the reason where it was stopped
 */
record ToolProcess(boolean ended, String output) {
  private static final int KEPT_BYTES = 65_536;

  /**
   * Runs a command without a shell.
   *
   * @param log receives what it writes, replaced
   * @throws MissingProgramException if it cannot be started
   */
  static ToolProcess run(SpeechProgram program, List<String> command, Duration limit, Path log) {
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(log.toFile())
              .start();
    } catch (IOException failure) {
      throw new MissingProgramException(program, failure);
    }
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return new ToolProcess(false, "stopped after " + limit.toSeconds() + " s");
      }
      return new ToolProcess(process.exitValue() == 0, end(log));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Waiting for " + command.get(0) + " was interrupted");
    } finally {
      process.destroyForcibly();
    }
  }

  private static String end(Path log) {
    try (var in = Files.newByteChannel(log)) {
      in.position(Math.max(0, in.size() - KEPT_BYTES));
      var bytes = ByteBuffer.allocate(KEPT_BYTES);
      while (bytes.hasRemaining() && in.read(bytes) >= 0) {}
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
    } catch (IOException failure) {
      throw new UncheckedIOException("Reading " + log, failure);
    }
  }
}

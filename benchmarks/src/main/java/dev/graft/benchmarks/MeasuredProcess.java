package dev.graft.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * A command that ran to its end.
 *
 * @param seconds from its start to its end
 * @param peakBytes the most memory that was resident; empty where the system does not tell
 * @param output what it wrote to both of its outputs
 */
record MeasuredProcess(double seconds, OptionalLong peakBytes, String output) {
  private static final long SAMPLING_MILLISECONDS = 10;
  private static final String PEAK = "VmHWM:";

  /**
   * Runs a command.
   *
   * <p>The peak is the kernel's own (VmHWM in /proc), read until the process ends: only what is
   * added in its last 10 ms can be missed.
   *
   * @param log receives what the command writes
   * @throws IllegalStateException if it ends with another code than 0
   */
  static MeasuredProcess run(List<String> command, Path log) {
    try {
      long start = System.nanoTime();
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .start();
      OptionalLong peak = OptionalLong.empty();
      do {
        OptionalLong now = peakOf(process.pid());
        peak = now.isPresent() ? now : peak;
      } while (!process.waitFor(SAMPLING_MILLISECONDS, TimeUnit.MILLISECONDS));
      double seconds = (System.nanoTime() - start) / 1e9;
      String output = Files.readString(log, StandardCharsets.UTF_8);
      if (process.exitValue() != 0) {
        throw new IllegalStateException(
            String.join(" ", command) + " ended with code " + process.exitValue() + ":\n" + output);
      }
      return new MeasuredProcess(seconds, peak, output);
    } catch (IOException failure) {
      throw new UncheckedIOException("Running " + String.join(" ", command), failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Measuring was interrupted", interrupted);
    }
  }

  private static OptionalLong peakOf(long process) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + process + "/status"))) {
        if (line.startsWith(PEAK)) {
          String kibibytes = line.substring(PEAK.length()).replace("kB", "").trim();
          return OptionalLong.of(Long.parseLong(kibibytes) * 1024);
        }
      }
    } catch (IOException ended) {
      // It ended between two looks, or the system has no /proc.
      return OptionalLong.empty();
    }
    return OptionalLong.empty();
  }

  /** The peak in words. */
  String peakMegabytes() {
    return peakBytes.isPresent() ? Math.round(peakBytes.getAsLong() / 1e6) + " MB" : "unknown";
  }
}

package dev.graft.benchmarks.speech;

import dev.graft.data.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import picocli.CommandLine;

/** What the programs of this package share. */
final class SpeechCommands {
  private SpeechCommands() {}

  /** A command line that tells of expected failures in a sentence, without a stack trace. */
  static CommandLine line(Object command) {
    return new CommandLine(command)
        .setExecutionExceptionHandler(
            (failure, line, parsed) -> {
              if (failure instanceof DataException
                  || failure instanceof IllegalStateException
                  || failure instanceof IllegalArgumentException
                  || failure instanceof IOException
                  || failure instanceof UncheckedIOException) {
                String message = failure.getMessage();
                line.getErr().println(message == null ? failure.toString() : message);
                return 1;
              }
              throw failure;
            });
  }

  /** Removes a folder that holds files only. */
  static void deleteFlat(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}

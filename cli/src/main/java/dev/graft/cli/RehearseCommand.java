package dev.graft.cli;

import dev.graft.transfer.TransferException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Runs each command once on small generated data. The launcher calls it after a build: it shows
 * that the native libraries work, unpacks them, and lets Java record the classes that a start
 * needs.
 */
@Command(
    name = "rehearse",
    hidden = true,
    description = "Check this installation by running each command once on small generated data.")
final class RehearseCommand implements Callable<Integer> {
  @Mixin
  @SuppressWarnings("UnusedVariable") // the parser reads it
  private final CommonOptions common = new CommonOptions();

  private final Console console;

  RehearseCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Path folder = temporaryFolder();
    try {
      String data = RehearsalData.writeImages(folder.resolve("data")).toString();
      String backbone = RehearsalData.writeBackbone(folder.resolve("backbone.onnx")).toString();
      String model = folder.resolve("model").toString();
      List<List<String>> steps =
          List.of(
              List.of("inspect", backbone),
              List.of(
                  "advise",
                  data,
                  "--backbone",
                  backbone,
                  "--preprocessing",
                  "unit",
                  "--budget",
                  "none",
                  "--cache",
                  folder.resolve("cache").toString()),
              List.of(
                  "train",
                  data,
                  "--backbone",
                  backbone,
                  "--out",
                  model,
                  "--preprocessing",
                  "unit",
                  "--strategy",
                  "head-then-all",
                  "--epochs",
                  "1",
                  "--augment",
                  "standard",
                  "--cache",
                  folder.resolve("cache").toString()),
              List.of("predict", model, data, "--json"),
              List.of("evaluate", model, data),
              List.of("inspect", model),
              List.of(
                  "explain",
                  model,
                  folder.resolve("data").resolve("test").resolve("red").resolve("0.bmp").toString(),
                  "--out",
                  folder.resolve("explained.png").toString()),
              List.of("compare", model, model),
              List.of(
                  "doctor",
                  data,
                  "--backbone",
                  backbone,
                  "--preprocessing",
                  "unit",
                  "--cache",
                  folder.resolve("cache").toString()),
              List.of(
                  "features",
                  backbone,
                  "--data",
                  data,
                  "--out",
                  folder.resolve("features.html").toString(),
                  "--preprocessing",
                  "unit"));
      for (List<String> step : steps) {
        int code = quietly(step);
        if (code != ExitCode.DONE) {
          return code;
        }
      }
      console.results().line("Each command works.");
      return ExitCode.DONE;
    } finally {
      delete(folder);
    }
  }

  /** Runs a command; its errors are shown if it fails. */
  private int quietly(List<String> arguments) {
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    Console silent =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            new ByteArrayOutputStream(),
            errors,
            StandardCharsets.UTF_8,
            Terminal.none());
    int code = Graft.run(silent, arguments.toArray(String[]::new));
    if (code != ExitCode.DONE) {
      console.error().println(CommandText.of(arguments) + " failed:");
      console.error().print(errors.toString(StandardCharsets.UTF_8));
      console.error().flush();
    }
    return code;
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("graft-rehearsal");
    } catch (IOException failure) {
      throw new TransferException(
          TransferException.Cause.ENVIRONMENT,
          "Making a temporary folder failed: " + FileProblems.reason(failure) + ".",
          failure);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}

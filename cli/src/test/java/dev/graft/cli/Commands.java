package dev.graft.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Runs the real command on streams that lie in memory. */
final class Commands {
  private Commands() {}

  /** What a command left behind. */
  record Outcome(int exitCode, String out, String err) {
    /** The results without the line breaks that depend on the length of paths. */
    String unwrappedOut() {
      return out.replaceAll("\\s+", " ");
    }

    List<String> outLines() {
      return out.lines().toList();
    }
  }

  /** Runs a command without a terminal and without input. */
  static Outcome run(Object... arguments) {
    return run(Terminal.none(), InputStream.nullInputStream(), arguments);
  }

  static Outcome runWithInput(byte[] input, Object... arguments) {
    return run(Terminal.none(), new ByteArrayInputStream(input), arguments);
  }

  /** Runs a command with other environment variables. */
  static Outcome runIn(Map<String, String> environment, Object... arguments) {
    return run(Terminal.none(), InputStream.nullInputStream(), environment, arguments);
  }

  static Outcome run(Terminal terminal, InputStream in, Object... arguments) {
    return run(terminal, in, System.getenv(), arguments);
  }

  private static Outcome run(
      Terminal terminal, InputStream in, Map<String, String> environment, Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = new Console(in, out, err, StandardCharsets.UTF_8, terminal, environment);
    String[] words = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
    int exitCode = Graft.run(console, words);
    return new Outcome(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** A small training run on generated data, with everything it leaves inside one folder. */
  static Outcome train(Path folder, Object... furtherArguments) {
    Path data = RehearsalData.writeImages(folder.resolve("data"));
    Path backbone = RehearsalData.writeBackbone(folder.resolve("backbone.onnx"));
    Object[] first = {
      "train",
      data,
      "--backbone",
      backbone,
      "--preprocessing",
      "unit",
      "--out",
      folder.resolve("model"),
      "--cache",
      folder.resolve("cache")
    };
    Object[] all = Arrays.copyOf(first, first.length + furtherArguments.length);
    System.arraycopy(furtherArguments, 0, all, first.length, furtherArguments.length);
    return run(all);
  }
}

package dev.graft.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Trains a wake word on the training part of the wake-words archive, with the other words and the
 * spoken digits as other sound, and measures it on a long stream and on the test recordings of the
 * phrase, by the {@code graft} command as a user does. Nothing is chosen on the stream or the test
 * part.
 */
@Command(
    name = "wakeword",
    description = "Trains and measures a wake word on a stream of speech-stream.",
    mixinStandardHelpOptions = true)
public final class WakeWordTable implements Callable<Integer> {
  private static final String WORDS = "wake-words";

  @Option(
      names = "--stream",
      required = true,
      description = "what benchmarks/run speech-stream wrote, without the phrase")
  private Path stream = Path.of("stream.wav");

  @Option(names = "--phrase", description = "a class of the archive (default: ${DEFAULT-VALUE})")
  private String phrase = "jarvis";

  @Option(names = "--seeds", split = ",", description = "of training (default: 1,2,3)")
  private List<Integer> seeds = List.of(1, 2, 3);

  @Option(
      names = "--backbone",
      description = "an ONNX file, or the name of a bundled backbone (default: the shared one)")
  private Optional<String> backbone = Optional.empty();

  private final PrintStream out;
  private final Path work = Folders.work();
  private final Path launcher =
      Path.of(System.getProperty("graft.project", ".")).toAbsolutePath().resolve("graft");

  private WakeWordTable(PrintStream out) {
    this.out = out;
  }

  /** Measures and prints. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new WakeWordTable(System.out)).execute(arguments));
  }

  @Override
  public Integer call() {
    out.println(
        "| seed | training s | hours heard | at its threshold: false accepts an hour, missed"
            + " | for at most 0.5 an hour: false accepts an hour, missed | times real time |");
    out.println("|---|---|---|---|---|---|");
    seeds.forEach(this::measure);
    return 0;
  }

  private void measure(int seed) {
    String from = backbone.orElse(SharedMaterial.model("speech-embedding").toString());
    String words = SharedMaterial.data(WORDS).toString();
    String model = work.resolve("wake-word").toString();
    JsonNode training =
        graft(
            "wakeword",
            "train",
            words,
            "--phrase",
            phrase,
            "--backbone",
            from,
            "--seed",
            String.valueOf(seed),
            "--other",
            SharedMaterial.data("spoken-digits").toString(),
            "--out",
            model,
            "--overwrite",
            "--json");
    JsonNode found =
        graft(
            "wakeword",
            "evaluate",
            model,
            "--stream",
            stream.toString(),
            "--positives",
            words,
            "--phrase",
            phrase,
            "--out",
            model + "-" + seed + ".html",
            "--overwrite",
            "--json");
    out.printf(
        Locale.ROOT,
        "| %d | %.0f | %.2f | %s | %s | %.0f |%n",
        seed,
        training.path("seconds").asDouble(),
        found.at("/at_threshold/hours").asDouble(),
        point(found.path("at_threshold")),
        point(found.path("at_most_wanted")),
        found.path("real_time_factor").asDouble());
    out.flush();
  }

  private static String point(JsonNode point) {
    return point.isMissingNode()
        ? "none"
        : String.format(
            Locale.ROOT,
            "%.2f, %d of %d (%.1f %%)",
            point.path("false_accepts_per_hour").asDouble(),
            point.path("missed").asInt(),
            point.path("phrases").asInt(),
            100 * point.path("false_reject_rate").asDouble());
  }

  private JsonNode graft(String... arguments) {
    Path output = work.resolve("wake-word.json");
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      if (process.waitFor() != 0) {
        throw new IllegalStateException("graft " + String.join(" ", arguments) + " failed");
      }
      return new ObjectMapper().readTree(Files.readString(output));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }
}

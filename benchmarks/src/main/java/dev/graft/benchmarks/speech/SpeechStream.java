package dev.graft.benchmarks.speech;

import dev.graft.data.Part;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Makes hours of sound to count a wake word's false accepts in: sentences in voices that are not
 * trained on, given recordings, knocks and beeps, pauses, and noise of all colours, with a table of
 * what lies where beside it.
 */
@Command(
    name = "speech-stream",
    description = "Makes a long stream of speech, other sounds and noise, and a table of it.",
    mixinStandardHelpOptions = true)
public final class SpeechStream implements Callable<Integer> {
  private static final double MOST_HOURS = 200;

  @Option(names = "--out", required = true, description = "the WAV file; the table is .csv beside")
  private Path out = Path.of("stream.wav");

  @Option(names = "--hours", required = true, description = "how long, up to 200")
  private double hours;

  @Option(names = "--seed", description = "of all that is random (default: ${DEFAULT-VALUE})")
  private long seed = 1;

  @Option(
      names = "--words",
      arity = "1..*",
      paramLabel = "DATA",
      description =
          "recordings to mix in: folders, zip archives or tables as graft train reads them")
  private List<Path> words = List.of();

  @Option(
      names = "--part",
      description = "the only part of the recordings to take, such as test (default: all)")
  private Optional<String> part = Optional.empty();

  @Option(
      names = "--without",
      split = ",",
      paramLabel = "LABEL",
      description = "classes of recordings to leave out, such as the wake word's")
  private List<String> without = List.of();

  private final PrintStream print;

  private SpeechStream(PrintStream print) {
    this.print = print;
  }

  /** Makes the stream and prints what it holds. */
  public static void main(String[] arguments) {
    System.exit(execute(System.out, arguments));
  }

  static int execute(PrintStream print, String... arguments) {
    return SpeechCommands.line(new SpeechStream(print)).execute(arguments);
  }

  @Override
  public Integer call() throws IOException {
    if (!(hours > 0 && hours <= MOST_HOURS)) {
      throw new IllegalArgumentException("--hours: expected up to 200, found " + hours);
    }
    Path file = out.toAbsolutePath().normalize();
    Files.createDirectories(file.getParent());
    Path work = Files.createTempDirectory(file.getParent(), ".speech-stream");
    try {
      List<StreamEvent> events = write(file, work);
      Path table = work.resolve("events.csv");
      List<String> lines = new ArrayList<>(List.of(StreamEvent.HEADER));
      events.forEach(event -> lines.add(event.line()));
      Files.write(table, lines);
      Files.move(table, tableOf(file), StandardCopyOption.ATOMIC_MOVE);
      summarise(events);
    } finally {
      SpeechCommands.deleteFlat(work);
    }
    return 0;
  }

  /** The table beside a stream. */
  static Path tableOf(Path file) {
    return file.resolveSibling(
        file.getFileName().toString().replaceFirst("\\.[^.]*$", "") + ".csv");
  }

  private List<StreamEvent> write(Path file, Path work) throws IOException {
    VoiceCatalogue catalogue = VoiceCatalogue.heldOut();
    Synthesizers synthesizers = new Synthesizers(work);
    synthesizers.requireVoices(catalogue.voices().values().stream().flatMap(List::stream).toList());
    Optional<Recordings> recordings = recordings();
    StreamScene.Material material =
        new StreamScene.Material(
            new SentenceMaker(Vocabulary.load()),
            new CorpusPlan.VoiceDealer(catalogue),
            synthesizers,
            recordings,
            work);
    SplittableRandom random = new SplittableRandom(seed);
    long wanted = Math.round(hours * 3600 * Waveform.RATE);
    List<StreamEvent> events = new ArrayList<>();
    try (WaveOutput stream = new WaveOutput(file, Waveform.RATE)) {
      while (stream.samples() < wanted) {
        StreamScene scene = StreamScene.make(material, random.split());
        double start = (double) stream.samples() / Waveform.RATE;
        int count = (int) Math.min(scene.samples().length, wanted - stream.samples());
        stream.append(scene.samples(), count);
        double end = start + (double) count / Waveform.RATE;
        for (StreamEvent event : scene.events()) {
          StreamEvent placed = event.later(start);
          if (placed.startSeconds() < end) {
            events.add(placed.endingBy(end));
          }
        }
      }
      stream.finish();
    }
    recordings.ifPresent(
        all -> all.leftOut().forEach((name, reason) -> print.println("left out: " + reason)));
    return events;
  }

  private Optional<Recordings> recordings() {
    if (words.isEmpty()) {
      return Optional.empty();
    }
    Optional<Part> wanted =
        part.map(
            name ->
                Part.named(name)
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException(
                                "--part: expected train, validation or test, found " + name)));
    return Optional.of(Recordings.in(words, wanted, Set.copyOf(without)));
  }

  private void summarise(List<StreamEvent> events) {
    Map<StreamEvent.Kind, List<StreamEvent>> kinds =
        events.stream()
            .collect(Collectors.groupingBy(StreamEvent::kind, TreeMap::new, Collectors.toList()));
    kinds.forEach(
        (kind, all) ->
            print.printf(
                "%s: %d, %.2f h%n",
                kind.name().toLowerCase(Locale.ROOT),
                all.size(),
                all.stream().mapToDouble(one -> one.endSeconds() - one.startSeconds()).sum()
                    / 3600));
    events.stream()
        .filter(event -> event.kind() == StreamEvent.Kind.RECORDING)
        .collect(Collectors.groupingBy(StreamEvent::label, TreeMap::new, Collectors.counting()))
        .forEach((label, count) -> print.printf("  %s: %d recordings%n", label, count));
  }
}

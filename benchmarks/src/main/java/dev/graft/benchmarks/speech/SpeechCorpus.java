package dev.graft.benchmarks.speech;

import dev.graft.benchmarks.speech.ClipRecord.Outcome;
import dev.graft.benchmarks.speech.CorpusPlan.PlannedClip;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Makes a corpus of spoken words with espeak-ng, flite and festival: the source task of the bundled
 * backbone for speech. Noise and rooms are added when a network is trained, not here.
 */
@Command(
    name = "speech-corpus",
    description = "Makes a corpus of spoken words with Debian's speech synthesizers.",
    mixinStandardHelpOptions = true)
public final class SpeechCorpus implements Callable<Integer> {
  static final double LONGEST_SECONDS = 1.6;
  private static final int WORDS_BETWEEN_LINES = 20;

  /** With more failures than this something is wrong with a synthesizer. */
  private static final double MOST_FAILURES = 0.02;

  @Option(
      names = "--out",
      required = true,
      description = "the folder to make; one that was begun with the same settings is gone on with")
  private Path out = Path.of(".");

  @Option(names = "--words", description = "number of words (default: ${DEFAULT-VALUE})")
  private int words = 1_000;

  @Option(
      names = "--variants",
      description = "clips of a word for training (default: ${DEFAULT-VALUE})")
  private int variants = 50;

  @Option(
      names = "--validation",
      description =
          "clips of a word for validation, in voices that training does not have (default:"
              + " ${DEFAULT-VALUE})")
  private int validation = 5;

  @Option(names = "--seed", description = "of all that is random (default: ${DEFAULT-VALUE})")
  private long seed = 1;

  private final PrintStream print;

  private SpeechCorpus(PrintStream print) {
    this.print = print;
  }

  /** Makes the corpus and prints its figures. */
  public static void main(String[] arguments) {
    System.exit(execute(System.out, arguments));
  }

  static int execute(PrintStream print, String... arguments) {
    return SpeechCommands.line(new SpeechCorpus(print)).execute(arguments);
  }

  @Override
  public Integer call() throws IOException {
    long start = System.nanoTime();
    CorpusPlan plan = new CorpusPlan(seed, variants, validation);
    Vocabulary vocabulary = Vocabulary.load().draw(words, seed);
    Path scratch = Files.createTempDirectory("speech-corpus");
    Map<String, String> versions;
    try {
      versions = new Synthesizers(scratch).requireVoices(VoiceCatalogue.all());
    } finally {
      SpeechCommands.deleteFlat(scratch);
    }
    CorpusFolder folder =
        CorpusFolder.open(
            out.toAbsolutePath().normalize(),
            CorpusCard.text(plan, vocabulary, LONGEST_SECONDS, versions));
    List<ClipRecord> records = say(plan, vocabulary.words(), folder);
    folder.complete(records);
    CorpusFigures.of(records).forEach(print::println);
    print.printf("%.0f s in this run%n", (System.nanoTime() - start) / 1e9);
    return 0;
  }

  private List<ClipRecord> say(CorpusPlan plan, List<String> said, CorpusFolder folder)
      throws IOException {
    Synthesizers synthesizers = new Synthesizers(folder.work());
    List<ClipRecord> records = new ArrayList<>();
    int done = 0;
    for (String word : said) {
      Optional<List<ClipRecord>> before = folder.finished(word);
      records.addAll(
          before.isPresent()
              ? before.get()
              : sayWord(plan.clips(word), word, folder, synthesizers));
      done++;
      if (done % WORDS_BETWEEN_LINES == 0 && before.isEmpty()) {
        print.printf("%d of %d words, %d clips%n", done, said.size(), records.size());
        requireFewFailures(records);
      }
    }
    requireFewFailures(records);
    return records;
  }

  private List<ClipRecord> sayWord(
      List<PlannedClip> clips, String word, CorpusFolder folder, Synthesizers synthesizers)
      throws IOException {
    Path spoken = Files.createDirectories(folder.work().resolve("spoken"));
    Path made = Files.createDirectories(folder.work().resolve("made"));
    List<Synthesizer.Job> jobs = new ArrayList<>();
    for (PlannedClip clip : clips) {
      jobs.add(new Synthesizer.Job(clip.utterance(), spoken.resolve(jobs.size() + ".wav")));
    }
    synthesizers.speak(jobs).forEach(print::println);
    List<ClipRecord> records = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      Path file = jobs.get(i).file();
      records.add(keep(clips.get(i), file, made));
      Files.deleteIfExists(file);
    }
    folder.finish(word, made, records);
    return records;
  }

  private ClipRecord keep(PlannedClip clip, Path said, Path made) throws IOException {
    Waveform raw;
    try {
      raw = WaveFiles.read(said);
    } catch (IOException failure) {
      print.println(clip.path() + ": " + failure.getMessage());
      return ClipRecord.of(clip, Outcome.FAILED, 0, 0);
    }
    Optional<Waveform> sound = SpokenClip.of(raw, clip.utterance().tract());
    if (sound.isEmpty()) {
      return ClipRecord.of(clip, Outcome.SILENT, raw.seconds(), raw.peak());
    }
    Waveform trimmed = sound.get();
    if (trimmed.seconds() > LONGEST_SECONDS) {
      return ClipRecord.of(clip, Outcome.TOO_LONG, trimmed.seconds(), trimmed.peak());
    }
    Path file = made.resolve(clip.path());
    Files.createDirectories(file.getParent());
    WaveFiles.write(file, trimmed);
    return ClipRecord.of(clip, Outcome.KEPT, trimmed.seconds(), trimmed.peak());
  }

  private void requireFewFailures(List<ClipRecord> records) {
    long failed =
        records.stream()
            .filter(one -> one.outcome() == Outcome.FAILED || one.outcome() == Outcome.SILENT)
            .count();
    if (failed > MOST_FAILURES * records.size()) {
      throw new IllegalStateException(
          String.format(
              "Making the corpus %s: expected at most %.0f %% failures, found %d of %d clips without"
                  + " speech. The lines above name them; try one by hand",
              out, 100 * MOST_FAILURES, failed, records.size()));
    }
  }
}

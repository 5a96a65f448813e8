package dev.graft.benchmarks;

import dev.graft.data.Dataset;
import dev.graft.data.DatasetReader;
import dev.graft.data.image.Augmentation;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.TransferLearning;
import dev.graft.transfer.evidence.Baseline;
import dev.graft.transfer.evidence.Evaluation;
import dev.graft.transfer.evidence.TrainingRecord;
import dev.graft.zoo.FreshWeights;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * Trains on small data with pretrained and with fresh weights and prints the accuracy on the test
 * parts as a Markdown table, line by line as they are done.
 *
 * <p>All settings but those in the table are the defaults; the test parts are read for these
 * figures only. The seed decides the sample, the views, the order, the head's weights and the fresh
 * weights.
 */
@Command(
    name = "accuracy",
    description = "Measures the accuracy on small data beside training from scratch.",
    mixinStandardHelpOptions = true)
public final class AccuracyTable implements Callable<Integer> {
  @Option(
      names = "--cases",
      split = ",",
      description = "lines of the table, by their names or the beginnings of names (default: all)")
  private List<String> wanted = List.of("");

  @Option(names = "--list", description = "print the names of all lines and end")
  private boolean list;

  @Option(names = "--seeds", split = ",", description = "seeds (default: 1,2,3,4,5)")
  private List<Long> seeds = List.of(1L, 2L, 3L, 4L, 5L);

  @Option(names = "--epochs", description = "epochs of unfrozen training, for a short trial")
  private @Nullable Integer epochs;

  private final PrintStream out;
  private final PrintStream progress;

  private AccuracyTable(PrintStream out, PrintStream progress) {
    this.out = out;
    this.progress = progress;
  }

  /** Trains and prints. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new AccuracyTable(System.out, System.err)).execute(arguments));
  }

  @Override
  public Integer call() {
    if (list) {
      AccuracyCase.all().forEach(one -> out.println(one.id()));
      return 0;
    }
    List<AccuracyCase> chosen = chosen();
    out.println(
        "| case | training examples | weights | trains | seeds | accuracy % (lowest to highest) |"
            + " balanced accuracy % | macro-F1 % | counts of words % (macro-F1 %) | seconds a run |");
    out.println("|---|---|---|---|---|---|---|---|---|---|");
    chosen.forEach(this::measure);
    return 0;
  }

  /** An exact name means that line alone; else all lines whose names begin so. */
  private List<AccuracyCase> chosen() {
    List<AccuracyCase> chosen = new ArrayList<>();
    for (String name : wanted) {
      List<AccuracyCase> exact =
          AccuracyCase.all().stream().filter(one -> one.id().equals(name)).toList();
      List<AccuracyCase> matching =
          exact.isEmpty()
              ? AccuracyCase.all().stream().filter(one -> one.id().startsWith(name)).toList()
              : exact;
      if (matching.isEmpty()) {
        throw new ParameterException(
            new CommandLine(this), "There is no case \"" + name + "\"; --list names them all");
      }
      chosen.addAll(matching);
    }
    return chosen.stream().distinct().toList();
  }

  /**
   * One run.
   *
   * @param words what counts of words reach on the same examples; empty for what is no text
   */
  private record Run(Evaluation test, Optional<Baseline> words, double seconds) {}

  private void measure(AccuracyCase one) {
    Dataset dataset =
        one.isOfTexts()
            ? SharedMaterial.texts(one.data())
            : DatasetReader.read(SharedMaterial.data(one.data()));
    Backbone pretrained = MeasuredBackbone.load(one.backbone(), one.data(), dataset);
    List<Run> runs = new ArrayList<>();
    for (long seed : seeds) {
      Run run = run(one, pretrained, dataset, seed);
      runs.add(run);
      progress.printf(
          Locale.ROOT,
          "%s, seed %d: %.2f %% in %.0f s%n",
          one.id(),
          seed,
          100 * run.test().accuracy(),
          run.seconds());
    }
    out.printf(
        Locale.ROOT,
        "| %s | %s | %s | %s | %d | %.1f (%.1f to %.1f) | %.1f | %.1f | %s | %.0f |%n",
        one.id(),
        one.trainingExamples(),
        one.weights().name().toLowerCase(Locale.ROOT),
        one.strategy(),
        runs.size(),
        100 * mean(runs, run -> run.test().accuracy()),
        100 * runs.stream().mapToDouble(run -> run.test().accuracy()).min().orElseThrow(),
        100 * runs.stream().mapToDouble(run -> run.test().accuracy()).max().orElseThrow(),
        100 * mean(runs, run -> run.test().balancedAccuracy()),
        100 * mean(runs, run -> run.test().macroF1()),
        words(runs),
        mean(runs, Run::seconds));
    out.flush();
  }

  private static String words(List<Run> runs) {
    if (runs.stream().anyMatch(run -> run.words().isEmpty())) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        "%.1f (%.1f)",
        100 * mean(runs, run -> run.words().orElseThrow().evaluation().accuracy()),
        100 * mean(runs, run -> run.words().orElseThrow().evaluation().macroF1()));
  }

  private static double mean(List<Run> runs, ToDoubleFunction<Run> figure) {
    return runs.stream().mapToDouble(figure).average().orElseThrow();
  }

  private Run run(AccuracyCase one, Backbone pretrained, Dataset dataset, long seed) {
    TransferLearning learning =
        switch (one.weights()) {
          case PRETRAINED ->
              TransferLearning.from(pretrained).cache(Folders.work().resolve("accuracy-cache"));
          case FRESH ->
              // Features of fresh weights are of no use to another run.
              TransferLearning.from(
                      pretrained.withWeightsOf(FreshWeights.reinitialize(pretrained.model(), seed)))
                  .withoutCache();
        };
    learning = learning.strategy(one.strategy()).seed(seed);
    if (one.examplesPerClass().isPresent()) {
      learning = learning.examplesPerClass(one.examplesPerClass().getAsInt());
    }
    if (!one.strategy().isHeadOnly() && !one.isOfTexts()) {
      // What is chosen for the data too, said here because the table says so.
      learning = learning.augmentation(augmentation(one));
    }
    if (epochs != null && !one.strategy().isHeadOnly()) {
      learning = learning.epochs(epochs);
    }
    long start = System.nanoTime();
    TrainingRecord record = learning.fit(dataset).record();
    return new Run(
        record.test().orElseThrow(),
        one.isOfTexts() ? record.findings().baselines().stream().findFirst() : Optional.empty(),
        (System.nanoTime() - start) / 1e9);
  }

  private static Augmentation augmentation(AccuracyCase one) {
    return one.data().equals("ants-bees") ? Augmentation.standard() : Augmentation.light();
  }
}

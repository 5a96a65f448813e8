package dev.graft.benchmarks;

import dev.graft.data.Dataset;
import dev.graft.data.DatasetReader;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneOptions;
import dev.graft.transfer.Strategy;
import dev.graft.transfer.TransferLearning;
import dev.graft.transfer.evidence.CalibrationFindings;
import dev.graft.transfer.evidence.CalibrationFindings.PredictionSets;
import dev.graft.transfer.evidence.Evaluation;
import dev.graft.transfer.evidence.Interval;
import dev.graft.transfer.evidence.TrainingRecord;
import dev.graft.zoo.BundledBackbone;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * Trains heads on many small samples, counts how often the stated interval of the validation
 * accuracy holds the accuracy on a large test part, and prints a Markdown table. The seed decides
 * the sample and everything random of the run.
 */
@Command(
    name = "intervals",
    description =
        "Measures how often stated 95 % intervals hold the accuracy on a large test part.",
    mixinStandardHelpOptions = true)
public final class IntervalTable implements Callable<Integer> {
  @Option(names = "--cases", split = ",", description = "lines of the table (default: all)")
  private List<String> wanted = List.of();

  @Option(names = "--runs", description = "samples of each line (default: ${DEFAULT-VALUE})")
  private int runs = 40;

  @Option(
      names = "--backbone",
      description = "a reference model instead of the one that comes with Graft")
  private String backbone = "";

  private final PrintStream out;
  private final PrintStream progress;

  private IntervalTable(PrintStream out, PrintStream progress) {
    this.out = out;
    this.progress = progress;
  }

  /** Trains and prints. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new IntervalTable(System.out, System.err)).execute(arguments));
  }

  @Override
  public Integer call() {
    for (String name : wanted) {
      if (IntervalCase.all().stream().noneMatch(one -> one.id().equals(name))) {
        throw new ParameterException(
            new CommandLine(this),
            "There is no case \""
                + name
                + "\"; there are "
                + IntervalCase.all().stream().map(IntervalCase::id).toList());
      }
    }
    out.println(
        "| case | judged by | runs | stated accuracy % | accuracy % | width of the interval |"
            + " covered % | covered %, plain Wilson | accuracy %, classes alike | covered % |"
            + " 90 % sets hold the class in % | temperature |");
    out.println("|---|---|---|---|---|---|---|---|---|---|---|---|");
    Backbone loaded = Backbone.load(file(), BackboneOptions.defaults());
    for (IntervalCase one : IntervalCase.all()) {
      if (wanted.isEmpty() || wanted.contains(one.id())) {
        measure(one, loaded);
      }
    }
    return 0;
  }

  /**
   * One run.
   *
   * @param validation what is stated
   * @param test what it is held against
   * @param calibration the rest of what is stated
   */
  private record Run(
      Evaluation validation, Evaluation test, CalibrationFindings calibration, double seconds) {
    boolean covered() {
      return covered(validation.accuracyInterval(), test.accuracy());
    }

    /** Judged as if the test part had as many examples of each class, which the sample has. */
    boolean coveredClassesAlike() {
      return covered(validation.accuracyInterval(), test.balancedAccuracy());
    }

    /** As if the held-out examples had been predicted by one model. */
    boolean coveredWithoutFolds() {
      return covered(
          Interval.wilson(validation.correct(), validation.examples(), Interval.NORMAL_QUANTILE_95),
          test.accuracy());
    }

    private static boolean covered(Interval interval, double accuracy) {
      return interval.low() <= accuracy && accuracy <= interval.high();
    }

    double width() {
      return validation.accuracyInterval().high() - validation.accuracyInterval().low();
    }

    double setCoverage() {
      return calibration.sets().flatMap(PredictionSets::test).orElseThrow().coverage();
    }
  }

  private void measure(IntervalCase one, Backbone loaded) {
    Dataset all = DatasetReader.read(SharedMaterial.data(one.archive()));
    List<Run> done = new ArrayList<>();
    for (long seed = 1; seed <= runs; seed++) {
      Run run = run(one.sampled(all, seed), loaded, seed);
      done.add(run);
      progress.printf(
          Locale.ROOT,
          "%s, seed %d: stated %.1f %% (%.1f to %.1f), found %.1f %%, %s; %.1f s%n",
          one.id(),
          seed,
          100 * run.validation().accuracy(),
          100 * run.validation().accuracyInterval().low(),
          100 * run.validation().accuracyInterval().high(),
          100 * run.test().accuracy(),
          run.covered() ? "covered" : "not covered",
          run.seconds());
    }
    out.printf(
        Locale.ROOT,
        "| %s | %s | %d | %.1f | %.1f | %.1f | **%.0f** | %.0f | %.1f | %.0f | %.1f | %.2f |%n",
        one.id(),
        one.judgedBy().words(),
        done.size(),
        100 * mean(done, run -> run.validation().accuracy()),
        100 * mean(done, run -> run.test().accuracy()),
        100 * mean(done, Run::width),
        100 * mean(done, run -> run.covered() ? 1 : 0),
        100 * mean(done, run -> run.coveredWithoutFolds() ? 1 : 0),
        100 * mean(done, run -> run.test().balancedAccuracy()),
        100 * mean(done, run -> run.coveredClassesAlike() ? 1 : 0),
        100 * mean(done, Run::setCoverage),
        mean(done, run -> run.calibration().temperature()));
    out.flush();
  }

  private static double mean(List<Run> done, ToDoubleFunction<Run> figure) {
    return done.stream().mapToDouble(figure).average().orElseThrow();
  }

  private static Run run(Dataset dataset, Backbone loaded, long seed) {
    long start = System.nanoTime();
    TrainingRecord record =
        TransferLearning.from(loaded)
            .strategy(new Strategy.HeadOnly())
            .cache(Folders.work().resolve("accuracy-cache"))
            .seed(seed)
            .fit(dataset)
            .record();
    return new Run(
        record.validation(),
        record.test().orElseThrow(),
        record.findings().calibration().orElseThrow(),
        (System.nanoTime() - start) / 1e9);
  }

  private Path file() {
    if (!backbone.isEmpty()) {
      return SharedMaterial.model(backbone);
    }
    try {
      return BundledBackbone.PHOTO_SMALL
          .extractTo(Folders.inside(Folders.work(), "backbones"))
          .resolve("model.onnx");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}

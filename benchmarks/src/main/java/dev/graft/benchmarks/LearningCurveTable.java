package dev.graft.benchmarks;

import dev.graft.data.DatasetReader;
import dev.graft.data.Splitter;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneOptions;
import dev.graft.transfer.ExampleTables;
import dev.graft.transfer.FrozenFeatures;
import dev.graft.transfer.PrecisionChoice;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.evidence.LearningCurve;
import dev.graft.transfer.evidence.LearningCurve.Forecast;
import dev.graft.transfer.learningcurve.LearningCurveEstimation;
import dev.graft.transfer.training.Activations;
import dev.graft.transfer.training.ClassifierHead;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.HeadProblem;
import dev.graft.transfer.training.LinearHeadFitting;
import dev.graft.zoo.BundledBackbone;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Holds forecasts of learning curves against what really comes: forecasts the accuracy of two and
 * four times as many examples, then adds them and trains.
 *
 * <p>Each seed sets examples of the training part aside to judge by, draws a stratified sample of
 * the others and adds to it. The test parts are not read: forecasts are for more examples of the
 * same kind, and the X-rays' test part is of another.
 */
@Command(
    name = "learning-curve",
    description = "Holds forecasts of learning curves against what really comes.",
    mixinStandardHelpOptions = true)
public final class LearningCurveTable implements Callable<Integer> {
  private static final int[] TIMES = {2, 4};

  @Option(
      names = "--data",
      split = ",",
      description = "archives (default: handwritten-digits,chest-xray-28)")
  private List<String> data = List.of("handwritten-digits", "chest-xray-28");

  @Option(
      names = "--sizes",
      split = ",",
      description = "numbers of examples to forecast from (default: 50,100,200,400)")
  private List<Integer> sizes = List.of(50, 100, 200, 400);

  @Option(
      names = "--backbone",
      description = "one of the reference models (default: the one that comes with Graft)")
  private String backbone = MeasuredBackbone.BUNDLED;

  @Option(names = "--seeds", description = "number of seeds (default: 10)")
  private int seeds = 10;

  @Option(names = "--judges", description = "examples to judge by (default: 1500)")
  private int judges = 1_500;

  private final PrintStream out;
  private final List<Forecasted> all = new ArrayList<>();

  private LearningCurveTable(PrintStream out) {
    this.out = out;
  }

  /** Measures and prints. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new LearningCurveTable(System.out)).execute(arguments));
  }

  @Override
  public Integer call() {
    Backbone loaded = Backbone.load(file(), BackboneOptions.defaults());
    out.println(
        "| data | examples | times as many | forecasts | forecast % | came % | off by, mean |"
            + " 80 % bands, mean width | hold what came |");
    out.println("|---|---|---|---|---|---|---|---|---|");
    for (String archive : data) {
      ExampleTable examples = trainingPart(archive);
      int classes = Arrays.stream(examples.labels()).max().orElseThrow() + 1;
      try (FrozenFeatures features =
          FrozenFeatures.compute(
              loaded,
              examples,
              PrecisionChoice.AUTO,
              Optional.of(Folders.work().resolve("learning-curve-cache")),
              "features",
              TrainingListener.SILENT)) {
        Task task = new Task(features.activations(), examples.labels(), classes);
        sizes.forEach(size -> measure(archive, task, size));
      }
    }
    for (int times : TIMES) {
      row("all", "", times, all.stream().filter(one -> one.times == times).toList());
    }
    return 0;
  }

  private Path file() {
    if (!backbone.equals(MeasuredBackbone.BUNDLED)) {
      return SharedMaterial.model(backbone);
    }
    try {
      return BundledBackbone.PHOTO_SMALL.extractTo(Folders.inside(Folders.work(), "backbones"));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static ExampleTable trainingPart(String archive) {
    return ExampleTables.read(
            DatasetReader.read(SharedMaterial.data(archive)),
            OptionalInt.empty(),
            1,
            TrainingListener.SILENT)
        .train();
  }

  /** Features of all training examples. */
  private record Task(Activations features, int[] labels, int classes) {
    int[] labelsOf(int[] rows) {
      return Arrays.stream(rows).map(row -> labels[row]).toArray();
    }

    Activations featuresOf(int[] rows) {
      return new Activations() {
        @Override
        public int width() {
          return features.width();
        }

        @Override
        public void read(int row, int view, float[] into) {
          features.read(rows[row], view, into);
        }
      };
    }

    /** Accuracy of a head as {@code graft train} fits it. */
    double accuracy(int[] trained, int[] judged, long seed) {
      float[] weights = new float[classes];
      Arrays.fill(weights, 1);
      HeadProblem problem =
          new HeadProblem(
              featuresOf(trained),
              labelsOf(trained),
              1,
              Splitter.ungrouped(trained.length),
              Optional.empty(),
              classes,
              weights,
              0.2,
              seed);
      ClassifierHead head = LinearHeadFitting.fit(problem, TrainingListener.SILENT).head();
      float[] row = new float[features.width()];
      int right = 0;
      for (int example : judged) {
        features.read(example, 0, row);
        float[] logits = head.logits(row);
        int best =
            IntStream.range(0, classes)
                .reduce((a, b) -> logits[b] > logits[a] ? b : a)
                .orElseThrow();
        right += best == labels[example] ? 1 : 0;
      }
      return (double) right / judged.length;
    }
  }

  /** A forecast, or none, and what came. */
  private record Forecasted(int times, Optional<Forecast> forecast, double came) {
    boolean holds() {
      return forecast.isPresent()
          && forecast.get().band().low() <= came
          && came <= forecast.get().band().high();
    }
  }

  private void measure(String archive, Task task, int size) {
    List<Forecasted> own = new ArrayList<>();
    for (long seed = 1; seed <= seeds; seed++) {
      own.addAll(forecasts(task, size, seed));
    }
    all.addAll(own);
    for (int times : TIMES) {
      row(
          archive,
          Integer.toString(size),
          times,
          own.stream().filter(one -> one.times == times).toList());
    }
  }

  private List<Forecasted> forecasts(Task task, int size, long seed) {
    int[] everything = Splitter.ungrouped(task.labels.length);
    int[] judged =
        Splitter.holdOut(task.labels, everything, (double) judges / task.labels.length, seed)
            .validation();
    int[] rest = without(everything, judged);
    // Each sample lies in the next: examples are added, not drawn anew.
    int most = TIMES[TIMES.length - 1] * size;
    int[] largest = part(task, rest, most, seed);
    int[] twice = part(task, largest, 2 * size, seed + 1);
    int[] once = part(task, twice, size, seed + 2);
    Optional<LearningCurve> curve =
        LearningCurveEstimation.of(
            task.featuresOf(once),
            task.labelsOf(once),
            Splitter.ungrouped(once.length),
            task.classes,
            seed);
    List<Forecasted> forecasts = new ArrayList<>();
    for (int i = 0; i < TIMES.length; i++) {
      int index = i;
      forecasts.add(
          new Forecasted(
              TIMES[i],
              curve
                  .filter(known -> !known.forecasts().isEmpty())
                  .map(known -> known.forecasts().get(index)),
              task.accuracy(i == 0 ? twice : largest, judged, seed)));
    }
    return forecasts;
  }

  private static int[] without(int[] rows, int[] removed) {
    return Arrays.stream(rows).filter(row -> Arrays.binarySearch(removed, row) < 0).toArray();
  }

  /** A stratified part of some rows; all of them where there are no more. */
  private static int[] part(Task task, int[] rows, int count, long seed) {
    if (count >= rows.length) {
      return rows;
    }
    int[] chosen =
        Splitter.holdOut(
                task.labelsOf(rows),
                Splitter.ungrouped(rows.length),
                (double) count / rows.length,
                seed)
            .validation();
    return Arrays.stream(chosen).map(index -> rows[index]).toArray();
  }

  private void row(String archive, String size, int times, List<Forecasted> tried) {
    List<Forecasted> told = tried.stream().filter(one -> one.forecast.isPresent()).toList();
    out.printf(
        Locale.ROOT,
        "| %s | %s | %d | %d of %d | %.1f | %.1f | %.1f | %.1f | %d of %d (%.0f %%) |%n",
        archive,
        size,
        times,
        told.size(),
        tried.size(),
        100
            * told.stream()
                .mapToDouble(one -> one.forecast.orElseThrow().accuracy())
                .average()
                .orElse(Double.NaN),
        100 * told.stream().mapToDouble(Forecasted::came).average().orElse(Double.NaN),
        100
            * told.stream()
                .mapToDouble(one -> Math.abs(one.forecast.orElseThrow().accuracy() - one.came))
                .average()
                .orElse(Double.NaN),
        100
            * told.stream()
                .map(one -> one.forecast.orElseThrow().band())
                .mapToDouble(band -> band.high() - band.low())
                .average()
                .orElse(Double.NaN),
        told.stream().filter(Forecasted::holds).count(),
        told.size(),
        100.0 * told.stream().filter(Forecasted::holds).count() / Math.max(1, told.size()));
    out.flush();
  }
}

package dev.graft.transfer.advice;

import dev.graft.data.LeftOut;
import dev.graft.engine.FloatTensor;
import dev.graft.engine.Network;
import dev.graft.engine.Precision;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.ExampleTables;
import dev.graft.transfer.FrozenFeatures;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.training.ExampleViews;
import dev.graft.transfer.training.Validated;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Rates candidates and baselines one after another, on the same splits. Not thread-safe. */
final class Rating {
  private static final int TIMED_PASSES = 5;

  private final List<Candidate> candidates;
  private final AdviceSettings settings;
  private final ExampleTables tables;
  private final Timing timing;
  private final TrainingListener listener;
  private final List<Rated> rated = new ArrayList<>();
  private final List<Baseline> baselines = new ArrayList<>();
  private @Nullable SharedTask task;
  private String method = "";

  Rating(
      List<Candidate> candidates,
      AdviceSettings settings,
      ExampleTables tables,
      Timing timing,
      TrainingListener listener) {
    this.candidates = candidates;
    this.settings = settings;
    this.tables = tables;
    this.timing = timing;
    this.listener = listener;
  }

  /** A candidate with its held-out outcomes. */
  private record Rated(Candidate candidate, Outcomes outcomes, double milliseconds) {}

  /** Near-duplicates are those that the features of the first candidate show. */
  void rateCandidates() {
    for (int i = 0; i < candidates.size(); i++) {
      Candidate candidate = candidates.get(i);
      String place =
          candidates.size() == 1 ? "" : " (" + (i + 1) + " of " + candidates.size() + ")";
      Validated validated =
          validated(candidate.backbone(), "Features of " + candidate.backbone().id() + place);
      double milliseconds = millisecondsPerImage(candidate.backbone());
      rated.add(new Rated(candidate, Outcomes.of(validated, classes()), milliseconds));
      method = validated.method();
      timing.lap(candidate.name());
    }
    // The sort is stable: of equals, the one that was named first stays first.
    rated.sort(
        Comparator.comparingDouble((Rated one) -> one.outcomes.score().accuracy()).reversed());
  }

  private Validated validated(Backbone backbone, String phase) {
    try (FrozenFeatures features =
        FrozenFeatures.compute(backbone, tables.train(), settings.cache(), phase, listener)) {
      requireAll(features.damaged());
      if (task == null) {
        task =
            new SharedTask(
                tables.dataset(),
                tables.train(),
                features.groups(tables.dataset()),
                settings.seed());
      }
      return task().probe(features.activations(), silent());
    }
  }

  /** Fitting takes seconds, and says nothing that matters here. */
  private TrainingListener silent() {
    listener.phase("Fitting a head");
    return TrainingListener.SILENT;
  }

  /** They were all decoded before: one that cannot be any more has changed meanwhile. */
  private static void requireAll(List<LeftOut> damaged) {
    if (!damaged.isEmpty()) {
      throw new dev.graft.data.DataException(
          "Reading "
              + damaged.get(0).path()
              + " again failed, though it could be read before: "
              + damaged.get(0).reason()
              + " Run again when the data no longer change.");
    }
  }

  private SharedTask task() {
    if (task == null) {
      throw new IllegalStateException("candidates are rated first");
    }
    return task;
  }

  private int classes() {
    return tables.dataset().classes().size();
  }

  private Outcomes best() {
    return rated.get(0).outcomes;
  }

  void rateMajority() {
    int answer = task().majority();
    add(
        Baseline.Kind.MAJORITY,
        "always answering \"" + tables.dataset().classes().get(answer) + "\"",
        Outcomes.ofConstant(best().rows(), tables.train().labels(), answer));
  }

  void ratePixels(PixelFeatures pixels) {
    add(
        Baseline.Kind.PIXELS,
        "a logistic regression on " + pixels.describe(),
        Outcomes.of(task().probe(pixels, silent()), classes()));
    timing.lap("pixels");
  }

  void rateRandomFeatures(UnaryOperator<Backbone> drawing) {
    Backbone known = rated.get(0).candidate.backbone();
    Validated validated =
        validated(drawing.apply(known), "Features of the same network with fresh weights");
    add(
        Baseline.Kind.RANDOM_FEATURES,
        "a head on the same network with fresh weights, which learned nothing",
        Outcomes.of(validated, classes()));
    timing.lap("random features");
  }

  /**
   * Of very few examples none can be spared to tell a training's epochs by; then it is left out.
   */
  void rateFromScratch(Backbone fresh, Duration budget) {
    ScratchTraining training = new ScratchTraining(task(), listener);
    if (!training.isPossible()) {
      return;
    }
    ScratchTraining.Trained trained = training.train(fresh, budget);
    add(
        Baseline.Kind.FROM_SCRATCH,
        "a small network trained from scratch",
        remark(trained),
        trained.outcomes());
    timing.lap("training from scratch");
  }

  private String remark(ScratchTraining.Trained trained) {
    List<String> remarks = new ArrayList<>();
    if (trained.outcomes().rows().length < judged()) {
      remarks.add("judged by " + trained.outcomes().rows().length + " of the images");
    }
    if (trained.epochs() < trained.planned()) {
      remarks.add(
          String.format(
              Locale.ROOT,
              "for want of time it saw them %d instead of %d times",
              trained.epochs(),
              trained.planned()));
    }
    return String.join("; ", remarks);
  }

  private void add(Baseline.Kind kind, String description, Outcomes outcomes) {
    add(kind, description, "", outcomes);
  }

  private void add(Baseline.Kind kind, String description, String remark, Outcomes outcomes) {
    baselines.add(
        new Baseline(kind, description, remark, outcomes.score(), best().against(outcomes)));
  }

  /** The candidates, the best first. */
  List<RatedBackbone> backbones() {
    return rated.stream().map(this::described).toList();
  }

  private RatedBackbone described(Rated one) {
    Backbone backbone = one.candidate.backbone();
    return new RatedBackbone(
        one.candidate.name(),
        backbone.id(),
        one.outcomes.score(),
        best().against(one.outcomes),
        one.milliseconds,
        fileBytes(backbone),
        backbone.profile().parameters(),
        backbone.licence(),
        backbone.sourceTask());
  }

  /** The baselines, the best first. */
  List<Baseline> baselines() {
    List<Baseline> sorted = new ArrayList<>(baselines);
    sorted.sort(Comparator.comparingDouble((Baseline one) -> one.score().accuracy()).reversed());
    return sorted;
  }

  /** How many examples were held out once. */
  int judged() {
    return best().rows().length;
  }

  String method() {
    return method;
  }

  private static long fileBytes(Backbone backbone) {
    try {
      return Files.size(backbone.file());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The median of some passes after one that does not count. */
  private double millisecondsPerImage(Backbone backbone) {
    ExampleViews views = ExampleViews.plain(backbone.preprocessing());
    FloatTensor image = views.batch(new float[views.valueCount()], 1);
    double[] seconds = new double[TIMED_PASSES];
    try (Network network = Network.load(backbone.trunk(), Precision.FP32)) {
      network.run(image);
      for (int i = 0; i < TIMED_PASSES; i++) {
        long start = System.nanoTime();
        network.run(image);
        seconds[i] = (System.nanoTime() - start) / 1e9;
      }
    }
    Arrays.sort(seconds);
    return 1e3 * seconds[TIMED_PASSES / 2];
  }
}

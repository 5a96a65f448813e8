package dev.graft.transfer.advice;

import dev.graft.data.DataException;
import dev.graft.data.Dataset;
import dev.graft.data.DatasetKind;
import dev.graft.data.LeftOut;
import dev.graft.engine.FloatTensor;
import dev.graft.engine.Network;
import dev.graft.engine.Precision;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.ChosenSide;
import dev.graft.transfer.ExampleTables;
import dev.graft.transfer.FrozenFeatures;
import dev.graft.transfer.PrecisionChoice;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.baseline.BaselineTask;
import dev.graft.transfer.training.ExampleTable;
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
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Rates candidates and baselines one after another, on the same splits. Not thread-safe. */
final class Rating {
  private static final int MOST_TIMED = 9;

  private final List<Candidate> candidates;
  private final AdviceSettings settings;
  private final ExampleTables tables;
  private final Timing timing;
  private final TrainingListener listener;
  private final BaselineTask baselineTask;
  private final List<Rated> rated = new ArrayList<>();
  private final List<Baseline> baselines = new ArrayList<>();
  private @Nullable SharedTask task;
  private String method = "";
  private Optional<String> notTried = Optional.empty();

  Rating(
      List<Candidate> candidates,
      AdviceSettings settings,
      ExampleTables tables,
      BaselineTask baselineTask,
      Timing timing,
      TrainingListener listener) {
    this.candidates = candidates;
    this.settings = settings;
    this.tables = tables;
    this.baselineTask = baselineTask;
    this.timing = timing;
    this.listener = listener;
  }

  /** A candidate with its held-out outcomes. */
  private record Rated(Candidate candidate, Outcomes outcomes, double milliseconds) {}

  /** Near-duplicates are those that the features of the first candidate show. */
  void rateCandidates() {
    for (int i = 0; i < candidates.size(); i++) {
      Candidate candidate = suited(candidates.get(i));
      String place =
          candidates.size() == 1 ? "" : " (" + (i + 1) + " of " + candidates.size() + ")";
      Validated validated =
          validated(candidate.backbone(), "Features of " + candidate.backbone().id() + place);
      double milliseconds = millisecondsPerExample(candidate.backbone());
      rated.add(new Rated(candidate, Outcomes.of(validated, classes()), milliseconds));
      method = validated.method();
      timing.lap(candidate.name());
    }
    // The sort is stable: of equals, the one that was named first stays first.
    rated.sort(
        Comparator.comparingDouble((Rated one) -> one.outcomes.score().accuracy()).reversed());
  }

  /** At its own side of images, unless heads on features at another are proved to be better. */
  private Candidate suited(Candidate candidate) {
    ChosenSide sides =
        new ChosenSide(tables, baselineTask, PrecisionChoice.AUTO, settings.cache(), listener);
    ChosenSide.Choice choice = sides.forHead(candidate.backbone());
    choice.sentence().ifPresent(said -> listener.note(candidate.name() + ": " + said));
    return new Candidate(candidate.name(), choice.backbone());
  }

  private Validated validated(Backbone backbone, String phase) {
    try (FrozenFeatures features =
        FrozenFeatures.compute(
            backbone, tables.train(), PrecisionChoice.AUTO, settings.cache(), phase, listener)) {
      requireAll(features.damaged());
      if (task == null) {
        task =
            new SharedTask(
                tables.dataset(), tables.train(), features.groups(tables.dataset()), baselineTask);
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
      throw new DataException(
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

  void rateWithoutBackbone(WithoutBackbone without) {
    listener.phase("Fitting a head");
    add(
        without.kind(),
        without.describe(),
        Outcomes.of(without.learner().heldOut(task().examples(), task().groups()), classes()));
    timing.lap(without.learner().contender().name());
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
   *
   * @param making makes a small network with fresh weights for the examples
   */
  void rateFromScratch(Function<Dataset, Backbone> making, Duration budget) {
    ScratchTraining training = new ScratchTraining(task(), listener);
    if (!training.isPossible()) {
      notTried =
          Optional.of(
              "Training a small network from scratch was not tried: where a fifth is held out to"
                  + " judge by, some class has fewer than two left to learn from that differ.");
      return;
    }
    ScratchTraining.Trained trained = training.train(making.apply(tables.dataset()), budget);
    add(
        Baseline.Kind.FROM_SCRATCH,
        "a small network trained from scratch",
        remark(trained),
        trained.outcomes());
    timing.lap("training from scratch");
  }

  /** Why a comparison that was asked for is missing, in a sentence. */
  Optional<String> notTried() {
    return notTried;
  }

  private String remark(ScratchTraining.Trained trained) {
    List<String> remarks = new ArrayList<>();
    if (trained.outcomes().rows().length < judged()) {
      remarks.add(
          "judged by "
              + trained.outcomes().rows().length
              + " of the "
              + tables.dataset().kind().many());
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
        side(backbone),
        one.outcomes.score(),
        best().against(one.outcomes),
        one.milliseconds,
        fileBytes(backbone),
        backbone.profile().parameters(),
        backbone.licence(),
        backbone.sourceTask());
  }

  private static OptionalInt side(Backbone backbone) {
    return backbone.preprocessing().kind() == DatasetKind.IMAGE
        ? OptionalInt.of(backbone.imagePreprocessing().cropHeight())
        : OptionalInt.empty();
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

  /** The median of some examples after one that does not count. */
  private double millisecondsPerExample(Backbone backbone) {
    ExampleViews views = ExampleViews.plain(backbone.preprocessing());
    double[] seconds = new double[Math.min(MOST_TIMED, tables.train().size())];
    try (Network network = Network.load(backbone.trunk(), Precision.FP32)) {
      network.run(prepared(views, 0));
      for (int i = 0; i < seconds.length; i++) {
        FloatTensor example =
            prepared(views, (int) ((long) i * tables.train().size() / seconds.length));
        long start = System.nanoTime();
        network.run(example);
        seconds[i] = (System.nanoTime() - start) / 1e9;
      }
    }
    Arrays.sort(seconds);
    return 1e3 * seconds[seconds.length / 2];
  }

  private FloatTensor prepared(ExampleViews views, int row) {
    ExampleTable train = tables.train();
    float[] values = new float[views.valueCount()];
    views.write(
        train.examples().get(row), train.contentHashes().get(row), 0, train.decoding(), values, 0);
    return views.batch(values, 1);
  }
}

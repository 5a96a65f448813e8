package dev.graft.transfer;

import dev.graft.transfer.ladder.StepBudget;
import dev.graft.transfer.training.ClassifierHead;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.FineTuning;
import dev.graft.transfer.training.FoldPredictions;
import dev.graft.transfer.training.FrozenPrefix;
import dev.graft.transfer.training.HeadProblem;
import dev.graft.transfer.training.StepProbe;
import dev.graft.transfer.training.StepSettings;
import dev.graft.transfer.training.Validated;
import dev.graft.transfer.training.WeightOrigin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The rungs of the ladder: each is trained on every fold, and predicts what the fold holds out. */
final class LadderRungs {
  /** Shares of the way to the trained weights that are compared (Wortsman et al. 2022). */
  private static final List<Double> SHARES = List.of(1.0, 0.7, 0.4);

  private static final int HIDDEN_WIDTH = 128;
  private static final int PROBE_STEPS = 3;

  /** A pass without gradients takes about a third of a step. */
  private static final double PASS_OF_STEP = 1 / 3.0;

  private final RunContext context;
  private final FrozenPrefix trunk;
  private final LadderFold.Folds folds;
  private final FoldPredictions kept;
  private final TrainingListener listener;
  private final List<ClassifierHead> heads = new ArrayList<>();

  LadderRungs(
      RunContext context,
      FrozenPrefix trunk,
      LadderFold.Folds folds,
      FoldPredictions kept,
      TrainingListener listener) {
    this.context = context.choosing(new Strategy.HeadOnly(), context.settings().head());
    this.trunk = trunk;
    this.folds = folds;
    this.kept = kept;
    this.listener = listener;
  }

  /**
   * A rung with what it predicted for the held-out examples of all folds.
   *
   * @param name in words
   * @param course how it was trained, where layers were unfrozen
   */
  record Rung(
      String name,
      Strategy strategy,
      HeadArchitecture head,
      float[] probabilities,
      double accuracy,
      double logLoss,
      double seconds,
      Optional<Course> course) {}

  /**
   * How unfrozen layers were trained.
   *
   * @param share of the way from the start to the trained weights that is kept
   */
  record Course(int epochs, double share, float[] probabilities) {}

  /** The head alone; the rungs above begin with the heads of its folds. */
  Rung head() {
    long begun = System.nanoTime();
    float[] probabilities = headsOf(context, "the head", heads);
    return rung("the head alone", context, probabilities, begun, Optional.empty());
  }

  /** A head with a hidden layer. */
  Rung layeredHead() {
    long begun = System.nanoTime();
    int width = Math.min(HIDDEN_WIDTH, context.backbone().featureWidth());
    RunContext layered = context.choosing(new Strategy.HeadOnly(), HeadArchitecture.layers(width));
    float[] probabilities = headsOf(layered, "a head of two layers", new ArrayList<>());
    return rung("a head of two layers", layered, probabilities, begun, Optional.empty());
  }

  private float[] headsOf(RunContext with, String name, List<ClassifierHead> fitted) {
    List<float[]> parts = new ArrayList<>();
    for (int i = 0; i < folds.all().size(); i++) {
      LadderFold fold = folds.all().get(i);
      PhaseListener quiet = phase(name, i);
      HeadProblem.Fit fit =
          new HeadFitting(with, quiet)
              .fit(
                  trunk.of(fold.train()),
                  fold.train().labels(),
                  fold.trainGroups(),
                  Optional.empty());
      fitted.add(fit.head());
      parts.add(new HeadOutputs(fit.head(), trunk).probabilities(fold.heldOut()));
    }
    return joined(parts);
  }

  /**
   * The strategies above the heads that the backbone allows, the cheapest first. Biases and norms
   * come last: their steps cost nearly what those of all layers do, and seldom gain more.
   */
  List<Strategy> unfrozen() {
    int blocks = context.backbone().blocks().size();
    Set<Strategy> strategies = new LinkedHashSet<>();
    if (context.backbone().isFresh()) {
      return List.of(new Strategy.AllLayers());
    }
    if (blocks >= 2) {
      strategies.add(new Strategy.HeadThenLastBlocks(Math.max(1, Math.round(blocks / 4f))));
      strategies.add(new Strategy.HeadThenLastBlocks(Math.max(1, Math.round(blocks / 2f))));
    }
    strategies.add(new Strategy.HeadThenAll());
    strategies.add(new Strategy.HeadThenNorms());
    return List.copyOf(strategies);
  }

  /**
   * Trains a rung with unfrozen layers on the folds, or takes what was predicted in an earlier run.
   *
   * @param budget of the whole run
   * @param secondsLeft for it and for the last training with it
   * @param skipped hears why it was not tried
   */
  Optional<Rung> unfrozen(
      Strategy strategy, Duration budget, double secondsLeft, Consumer<String> skipped) {
    long begun = System.nanoTime();
    RunContext with = context.choosing(strategy, context.settings().head());
    String lacksTime = strategy + "|lacks time|" + budget;
    OptionalInt earlier = begunWith(strategy);
    if (earlier.isEmpty() && kept.of(lacksTime).isPresent()) {
      skipped.accept(lacksTime(strategy, kept.of(lacksTime).orElseThrow()[0]));
      return Optional.empty();
    }
    float[] classWeights = new HeadFitting(with, listener).classWeights();
    int stored = with.tables().train().size() + folds.table().size();
    try (TrainedPart part = TrainedPart.open(with, strategy, stored, listener)) {
      OptionalInt steps = earlier;
      if (steps.isEmpty()) {
        if (secondsLeft > 0) {
          folds.all().forEach(fold -> part.prepareTraining(fold.train()));
          folds.all().forEach(fold -> part.prepare(fold.heldOut(), "Computing activations"));
        }
        StepBudget cost = cost(part, classWeights);
        double left = secondsLeft - (System.nanoTime() - begun) / 1e9;
        steps = cost.stepsIn(left);
        if (steps.isEmpty()) {
          double needed = cost.secondsFor(cost.fullSteps());
          kept.keep(lacksTime, new float[] {(float) needed});
          skipped.accept(lacksTime(strategy, needed));
          return Optional.empty();
        }
        listener.note(
            String.format(
                Locale.ROOT,
                "Trying %s: %d steps on each of %d folds, about %s with the last training.",
                name(strategy),
                steps.getAsInt(),
                folds.all().size(),
                seconds(cost.secondsFor(steps.getAsInt()))));
      }
      Course course = course(part, classWeights, strategy, steps.getAsInt());
      return Optional.of(
          rung(name(strategy), with, course.probabilities, begun, Optional.of(course)));
    }
  }

  private String lacksTime(Strategy strategy, double seconds) {
    return String.format(
        Locale.ROOT,
        "Not tried: %s would take about %s; a longer --budget lets it be tried.",
        name(strategy),
        seconds(seconds));
  }

  /** What an earlier run began with, a run that is resumed goes on with. */
  private OptionalInt begunWith(Strategy strategy) {
    return StepBudget.choices(fullSteps()).stream()
        .filter(steps -> kept.of(key(strategy, steps, 0, SHARES.get(0))).isPresent())
        .mapToInt(Integer::intValue)
        .findFirst();
  }

  private int fullSteps() {
    ExampleTable train = folds.all().get(0).train();
    StepSettings settings = steps(train);
    return settings.epochs() * stepsPerEpoch(settings, train);
  }

  private StepBudget cost(TrainedPart part, float[] classWeights) {
    ExampleTable train = folds.all().get(0).train();
    StepSettings settings = steps(train);
    part.prepareTraining(train);
    double step =
        StepProbe.seconds(
            part.subject(heads.get(0), classWeights), part.data(train), settings, PROBE_STEPS);
    double evaluation =
        SHARES.size() * step * PASS_OF_STEP * folds.labels().length / settings.batchSize();
    return new StepBudget(fullSteps(), folds.all().size(), step, evaluation);
  }

  private static String key(Strategy strategy, int steps, int fold, double share) {
    return strategy + "|" + steps + " steps|fold " + fold + "|" + share;
  }

  private Course course(TrainedPart part, float[] classWeights, Strategy strategy, int steps) {
    List<Double> shares = context.backbone().isFresh() ? List.of(1.0) : SHARES;
    List<List<float[]>> byShare = new ArrayList<>();
    shares.forEach(share -> byShare.add(new ArrayList<>()));
    for (int fold = 0; fold < folds.all().size(); fold++) {
      for (int s = 0; s < shares.size(); s++) {
        String key = key(strategy, steps, fold, shares.get(s));
        if (kept.of(key).isEmpty()) {
          train(part, classWeights, strategy, steps, fold, shares);
        }
        byShare.get(s).add(kept.of(key).orElseThrow());
      }
    }
    int[] labels = folds.labels();
    return IntStream.range(0, shares.size())
        .mapToObj(s -> new CourseLoss(shares.get(s), joined(byShare.get(s)), labels))
        .min(Comparator.comparingDouble(CourseLoss::loss))
        .map(best -> new Course(lastEpochs(steps), best.share, best.probabilities))
        .orElseThrow();
  }

  /** Trains on a fold, and keeps what the weights at each share predict. */
  private void train(
      TrainedPart part,
      float[] classWeights,
      Strategy strategy,
      int steps,
      int number,
      List<Double> shares) {
    LadderFold fold = folds.all().get(number);
    part.prepareTraining(fold.train());
    part.prepare(fold.heldOut(), "Computing activations");
    StepSettings settings = steps(fold.train());
    int epochs = Math.max(1, Math.round((float) steps / stepsPerEpoch(settings, fold.train())));
    try (FineTuning tuned =
        FineTuning.trainAgain(
            part.subject(heads.get(number), classWeights),
            part.data(fold.train()),
            epochs,
            settings.withEpochs(epochs),
            Optional.empty(),
            phase(name(strategy), number))) {
      // Backward, so that the first share, which is asked for, is kept last.
      for (int s = shares.size() - 1; s >= 0; s--) {
        tuned.interpolate(shares.get(s));
        kept.keep(
            key(strategy, steps, number, shares.get(s)), tuned.quickProbabilities(fold.heldOut()));
      }
    }
  }

  /** The last training takes as many steps on all examples as a fold did on its own. */
  private int lastEpochs(int steps) {
    ExampleTable train = context.tables().train();
    return Math.max(1, Math.round((float) steps / stepsPerEpoch(steps(train), train)));
  }

  /** Predictions at a share, with their loss. */
  private record CourseLoss(double share, float[] probabilities, int[] labels) {
    double loss() {
      return Validated.logLoss(labels, probabilities, probabilities.length / labels.length);
    }
  }

  private StepSettings steps(ExampleTable train) {
    WeightOrigin origin =
        context.backbone().isFresh() ? WeightOrigin.FRESH : WeightOrigin.PRETRAINED;
    return StepPlan.unfrozen(
        context.settings(), train.size(), context.precision().precision(), origin);
  }

  private static int stepsPerEpoch(StepSettings settings, ExampleTable train) {
    return Math.max(1, (train.size() + settings.batchSize() - 1) / settings.batchSize());
  }

  private Rung rung(
      String name, RunContext with, float[] probabilities, long begun, Optional<Course> course) {
    int[] labels = folds.labels();
    int classes = probabilities.length / labels.length;
    return new Rung(
        name,
        with.settings().strategy(),
        with.settings().head(),
        probabilities,
        Validated.accuracy(labels, probabilities, classes),
        Validated.logLoss(labels, probabilities, classes),
        (System.nanoTime() - begun) / 1e9,
        course);
  }

  private PhaseListener phase(String name, int fold) {
    String of = folds.all().size() == 1 ? "" : ", fold " + (fold + 1) + " of " + folds.all().size();
    return new PhaseListener(listener, "Trying " + name + of);
  }

  private static float[] joined(List<float[]> parts) {
    float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int position = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, position, part.length);
      position += part.length;
    }
    return all;
  }

  private String name(Strategy strategy) {
    if (strategy instanceof Strategy.HeadThenLastBlocks last) {
      return "the last " + last.blocks() + " of " + context.backbone().blocks().size() + " blocks";
    }
    return strategy instanceof Strategy.HeadThenNorms ? "biases and norms" : "all layers";
  }

  private static String seconds(double seconds) {
    return seconds < 90
        ? Math.round(seconds) + " s"
        : String.format(Locale.ROOT, "%.0f min", seconds / 60);
  }
}

package dev.graft.transfer;

import dev.graft.transfer.calibration.Calibration;
import dev.graft.transfer.ladder.PairedComparison;
import dev.graft.transfer.ladder.StepBudget;
import dev.graft.transfer.training.ClassifierHead;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.FineTuning;
import dev.graft.transfer.training.FoldPredictions;
import dev.graft.transfer.training.FrozenPrefix;
import dev.graft.transfer.training.HeadOutputs;
import dev.graft.transfer.training.StepSettings;
import dev.graft.transfer.training.Validated;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The rungs of the ladder: each is trained on every fold, and predicts what the fold holds out. */
final class LadderRungs {
  /** Shares of the way to the trained weights that are compared (Wortsman et al. 2022). */
  static final List<Double> SHARES = List.of(1.0, 0.7, 0.4);

  private static final int HIDDEN_WIDTH = 128;

  /** One-sided p value of a lower loss, above which a rung is given up after its first fold. */
  private static final double PLAINLY_WORSE = 0.8;

  private final RunContext context;
  private final FrozenPrefix trunk;
  private final LadderFold.Folds folds;
  private final FoldPredictions kept;
  private final LastTraining last;
  private final TrainingListener listener;
  private final LadderWords words;
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
    this.last = LastTraining.of(context, kept);
    this.listener = listener;
    this.words = new LadderWords(context.backbone().blocks().size());
  }

  /**
   * A rung with what it predicted for the held-out examples of folds.
   *
   * @param name in words
   * @param folds how many of them it was trained on, in their order
   * @param logLoss of the calibrated predictions
   * @param course how it was trained, where layers were unfrozen
   */
  record Rung(
      String name,
      Strategy strategy,
      HeadArchitecture head,
      int folds,
      float[] probabilities,
      double accuracy,
      double logLoss,
      double seconds,
      Optional<Course> course) {}

  /**
   * How unfrozen layers were trained.
   *
   * @param steps on a fold
   * @param epochs on all examples in which as many steps are taken
   * @param share of the way from the start to the trained weights that is kept
   */
  record Course(int steps, int epochs, double share, float[] probabilities) {}

  /** The head alone; the rungs above begin with the heads of its folds. */
  Rung head() {
    long begun = System.nanoTime();
    List<float[]> parts = new ArrayList<>();
    for (int i = 0; i < folds.all().size(); i++) {
      ClassifierHead head = fitted(context, "the head", i);
      heads.add(head);
      parts.add(predictedBy(head, folds.all().get(i)));
    }
    float[] probabilities = LadderFold.joined(parts);
    return rung("the head alone", context, folds, probabilities, begun, Optional.empty());
  }

  /** A head with a hidden layer. */
  Rung layeredHead() {
    long begun = System.nanoTime();
    int width = Math.min(HIDDEN_WIDTH, context.backbone().featureWidth());
    RunContext layered = context.choosing(new Strategy.HeadOnly(), HeadArchitecture.layers(width));
    StepSettings plan = StepPlan.head(layered.settings(), folds.all().get(0).train().size());
    String course = plan.epochs() + "x" + plan.batchSize() + "|" + plan.optimizer();
    List<float[]> parts = new ArrayList<>();
    for (int i = 0; i < folds.all().size(); i++) {
      String key = String.format(Locale.ROOT, "head of %d|%s|fold %d", width, course, i);
      if (kept.of(key).isEmpty()) {
        ClassifierHead head = fitted(layered, "a head of two layers", i);
        kept.keep(key, predictedBy(head, folds.all().get(i)));
      }
      parts.add(kept.of(key).orElseThrow());
    }
    float[] probabilities = LadderFold.joined(parts);
    return rung("a head of two layers", layered, folds, probabilities, begun, Optional.empty());
  }

  private ClassifierHead fitted(RunContext with, String name, int number) {
    LadderFold fold = folds.all().get(number);
    return new HeadFitting(with, phase(name, number))
        .fit(trunk.of(fold.train()), fold.train().labels(), fold.trainGroups(), Optional.empty())
        .head();
  }

  private float[] predictedBy(ClassifierHead head, LadderFold fold) {
    return new HeadOutputs(head, trunk::of).probabilities(fold.heldOut());
  }

  /**
   * Trains a rung with unfrozen layers on the folds, or takes what was predicted in an earlier run.
   *
   * @param best the best rung so far; what is plainly worse on the first fold is given up
   * @param budget of the whole choice
   * @param secondsLeft for it and for the last training
   * @param skipped hears why it was not tried to its end
   */
  Optional<Rung> unfrozen(
      Strategy strategy, Rung best, Duration budget, double secondsLeft, Consumer<String> skipped) {
    long begun = System.nanoTime();
    RunContext with = context.choosing(strategy, context.settings().head());
    RungSteps choice = new RungSteps(strategy, budget, words, kept, listener, skipped);
    Optional<RungSteps.Extent> extent = choice.begun();
    if (extent.isEmpty() && choice.lackedTime()) {
      return Optional.empty();
    }
    float[] classWeights = new HeadFitting(with, listener).classWeights();
    int stored = with.tables().train().size() + with.tables().validation().size();
    try (TrainedPart part = TrainedPart.open(with, strategy, stored, listener)) {
      if (extent.isEmpty()) {
        RungProbe probe = new RungProbe(context, folds, kept, last.unhurriedSteps());
        StepBudget cost = probe.cost(part, strategy, start(strategy, 0), classWeights, secondsLeft);
        last.measured(strategy, cost.secondsPerStep());
        double left = secondsLeft - (System.nanoTime() - begun) / 1e9;
        extent = choice.affordable(cost, left, comparable(best));
        if (extent.isEmpty()) {
          return Optional.empty();
        }
      }
      LadderFold.Folds divisions = folds.first(extent.get().folds());
      Trial trial = new Trial(part, classWeights, strategy, extent.get().steps(), divisions);
      Optional<PairedComparison> worse = firstFold(trial, best);
      if (worse.isPresent()) {
        skipped.accept(words.givenUp(strategy, folds.all().size(), best.name(), worse.get()));
        return Optional.empty();
      }
      Course course = course(trial);
      return Optional.of(
          rung(
              words.name(strategy),
              with,
              divisions,
              course.probabilities,
              begun,
              Optional.of(course)));
    }
  }

  /** That strategies need not be tried, since all layers gained. */
  String leftOut(List<Strategy> strategies) {
    return words.leftOut(strategies);
  }

  private RungSteps.Best comparable(Rung best) {
    return best.course()
        .map(course -> new RungSteps.Best(last.unhurriedSeconds(best.strategy()), course.steps()))
        .orElse(RungSteps.Best.HEAD);
  }

  /** The head that the last training would begin with as well. */
  private ClassifierHead start(Strategy strategy, int fold) {
    return strategy.beginsWithHead() ? heads.get(fold) : context.newHead();
  }

  private static String key(Strategy strategy, int steps, int fold, double share) {
    return strategy + "|" + steps + " steps|fold " + fold + "|" + share;
  }

  /** A strategy that is trained on folds for so many steps. */
  private record Trial(
      TrainedPart part,
      float[] classWeights,
      Strategy strategy,
      int steps,
      LadderFold.Folds folds) {}

  private List<Double> shares() {
    return context.backbone().isFresh() ? List.of(1.0) : SHARES;
  }

  /**
   * Trains on the first of several folds, and compares with the best rung so far where it is worse
   * in both accuracy and loss beyond {@value #PLAINLY_WORSE}.
   */
  private Optional<PairedComparison> firstFold(Trial trial, Rung best) {
    if (trial.folds.all().size() == 1 || context.backbone().isFresh()) {
      return Optional.empty();
    }
    LadderFold first = folds.all().get(0);
    int[] labels = first.heldOut().labels();
    float[] theirs = Arrays.copyOf(best.probabilities(), predicted(trial, 0, 1.0).length);
    CourseLoss own =
        shares().stream()
            .map(share -> new CourseLoss(share, predicted(trial, 0, share), labels))
            .min(Comparator.comparingDouble(CourseLoss::loss))
            .orElseThrow();
    PairedComparison pair =
        PairedComparison.of(
            labels,
            first.groups(),
            calibrated(labels, theirs),
            calibrated(labels, own.probabilities()));
    boolean worse = pair.wins() < pair.losses() && pair.lossP() > PLAINLY_WORSE;
    return worse ? Optional.of(pair) : Optional.empty();
  }

  private Course course(Trial trial) {
    int[] labels = trial.folds.labels();
    return shares().stream()
        .map(
            share ->
                new CourseLoss(
                    share,
                    LadderFold.joined(
                        IntStream.range(0, trial.folds.all().size())
                            .mapToObj(fold -> predicted(trial, fold, share))
                            .toList()),
                    labels))
        .min(Comparator.comparingDouble(CourseLoss::loss))
        .map(best -> new Course(trial.steps, asManySteps(trial), best.share, best.probabilities))
        .orElseThrow();
  }

  /** What the weights at a share predict for a fold, which is trained where that is not known. */
  private float[] predicted(Trial trial, int fold, double share) {
    String key = key(trial.strategy, trial.steps, fold, share);
    if (kept.of(key).isEmpty()) {
      train(trial, fold);
    }
    return kept.of(key).orElseThrow();
  }

  /** Trains on a fold, and keeps what the weights at each share predict. */
  private void train(Trial trial, int number) {
    LadderFold fold = folds.all().get(number);
    trial.part.prepareTraining(fold.train());
    trial.part.prepare(fold.heldOut(), "Computing activations");
    int epochs = epochs(trial.steps, fold.train());
    List<Double> shares = shares();
    long begun = System.nanoTime();
    try (FineTuning tuned =
        FineTuning.trainAgain(
            trial.part.subject(start(trial.strategy, number), trial.classWeights),
            trial.part.data(fold.train()),
            epochs,
            steps(fold.train(), epochs),
            Optional.empty(),
            phase(words.name(trial.strategy), number))) {
      // Whole trainings tell more than the few steps of a probe.
      last.measured(trial.strategy, (System.nanoTime() - begun) / 1e9 / trial.steps);
      // Backward, so that the first share, which is asked for, is kept last.
      for (int s = shares.size() - 1; s >= 0; s--) {
        tuned.interpolate(shares.get(s));
        kept.keep(
            key(trial.strategy, trial.steps, number, shares.get(s)),
            tuned.quickProbabilities(fold.heldOut()));
      }
    }
  }

  private int asManySteps(Trial trial) {
    return epochs(trial.steps, context.tables().train());
  }

  private int epochs(int steps, ExampleTable train) {
    int perEpoch = StepPlan.stepsPerEpoch(context.settings(), train.size());
    return Math.max(1, Math.round((float) steps / perEpoch));
  }

  /** Predictions at a share, with their loss. */
  private record CourseLoss(double share, float[] probabilities, int[] labels) {
    double loss() {
      int classes = probabilities.length / labels.length;
      return Validated.logLoss(labels, calibrated(labels, probabilities), classes);
    }
  }

  /**
   * As the finished model would predict, whose temperature is fitted as well: weights that moved
   * little are too cautious, and no worse for it.
   */
  static float[] calibrated(int[] labels, float[] probabilities) {
    return Calibration.of(labels, probabilities, probabilities.length / labels.length)
        .apply(probabilities);
  }

  private StepSettings steps(ExampleTable train, int epochs) {
    return StepPlan.unfrozen(
        context.settings(),
        train.size(),
        context.precision().precision(),
        context.backbone(),
        epochs);
  }

  private Rung rung(
      String name,
      RunContext with,
      LadderFold.Folds on,
      float[] probabilities,
      long begun,
      Optional<Course> course) {
    int[] labels = on.labels();
    int classes = probabilities.length / labels.length;
    return new Rung(
        name,
        with.settings().strategy(),
        with.settings().head(),
        on.all().size(),
        probabilities,
        Validated.accuracy(labels, probabilities, classes),
        Validated.logLoss(labels, calibrated(labels, probabilities), classes),
        (System.nanoTime() - begun) / 1e9,
        course);
  }

  private PhaseListener phase(String name, int fold) {
    String of = folds.all().size() == 1 ? "" : ", fold " + (fold + 1) + " of " + folds.all().size();
    return new PhaseListener(listener, "Trying " + name + of);
  }
}

package dev.graft.transfer;

import dev.graft.engine.Objective;
import dev.graft.onnx.Block;
import dev.graft.transfer.evidence.Findings;
import dev.graft.transfer.ladder.StepBudget;
import dev.graft.transfer.training.Checkpoints;
import dev.graft.transfer.training.ClassifierHead;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.FineTuning;
import dev.graft.transfer.training.FineTuningData;
import dev.graft.transfer.training.FoldPredictions;
import dev.graft.transfer.training.HeadOutputs;
import dev.graft.transfer.training.HeadProblem;
import dev.graft.transfer.training.StepProbe;
import dev.graft.transfer.training.StepSettings;
import dev.graft.transfer.training.TrainedParameters;
import dev.graft.transfer.training.Validated;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Trains a trunk of texts so that texts of one class have like features, and others not, and then a
 * head on the features as they are then (SetFit, Tunstall et al. 2022).
 *
 * <p>What it gives is proved on folds, in which neither trunk nor head has seen what is held out.
 */
final class ContrastiveTraining {
  private static final int PROBE_STEPS = 3;

  private final RunContext context;
  private final TransferLearning.Checkpointing checkpointing;
  private final TrainingListener listener;

  ContrastiveTraining(
      RunContext context, TransferLearning.Checkpointing checkpointing, TrainingListener listener) {
    this.context = context.choosing(new Strategy.Contrastive(), context.settings().head());
    this.checkpointing = checkpointing;
    this.listener = listener;
  }

  /** Steps of an unhurried training on examples. */
  int steps(ExampleTable train) {
    StepSettings settings = settings(train);
    return settings.epochs() * stepsPerEpoch(settings, train);
  }

  /**
   * Steps of the trainings on folds and of the last, so that they end within the budget: all, a
   * half or a quarter, and a quarter where the budget is shorter still. A later run with the same
   * budget takes as many.
   *
   * @param begunNanos when the time of the budget began
   */
  int steps(LadderFold.Folds folds, FoldPredictions kept, long begunNanos) {
    ExampleTable train = folds.all().get(0).train();
    int full = steps(train);
    Optional<Duration> budget = context.settings().budget();
    if (budget.isEmpty()) {
      return full;
    }
    String key = new Strategy.Contrastive() + "|steps within|" + budget.get();
    Optional<float[]> earlier = kept.of(key);
    if (earlier.isPresent()) {
      return (int) earlier.get()[0];
    }
    StepBudget cost = new StepBudget(full, 0, folds.all().size(), secondsPerStep(train), 0);
    double left = budget.get().toNanos() / 1e9 - (System.nanoTime() - begunNanos) / 1e9;
    List<Integer> choices = StepBudget.choices(full);
    int steps = cost.stepsIn(left).orElse(choices.get(choices.size() - 1));
    listener.note(
        String.format(
            Locale.ROOT,
            "Within the budget: %d of %d steps on each of %d folds, about %s with the last"
                + " training%s.",
            steps,
            full,
            cost.folds(),
            LadderWords.seconds(cost.secondsFor(steps)),
            cost.secondsFor(steps) > left ? ", which is longer; fewer would teach nothing" : ""));
    kept.keep(key, new float[] {steps});
    return steps;
  }

  /** What a step on examples takes, in seconds. */
  double secondsPerStep(ExampleTable train) {
    return StepProbe.seconds(subject(), data(train), settings(train), PROBE_STEPS);
  }

  private static String key(int steps, int fold) {
    return new Strategy.Contrastive() + "|" + steps + " steps|fold " + fold;
  }

  /** Predictions for what the folds hold out, of trainings of so many steps each. */
  Validated validated(LadderFold.Folds folds, int steps, FoldPredictions kept) {
    float[][] parts = new float[folds.all().size()][];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = heldOut(folds, i, steps, kept);
    }
    return new Validated(
        folds.rows(),
        folds.labels(),
        LadderFold.joined(List.of(parts)),
        folds.method(),
        parts.length);
  }

  /** Probabilities for what a fold holds out; those of an earlier run, where they are kept. */
  private float[] heldOut(LadderFold.Folds folds, int number, int steps, FoldPredictions kept) {
    String key = key(steps, number);
    if (kept.of(key).isEmpty()) {
      LadderFold fold = folds.all().get(number);
      String of =
          folds.all().size() == 1 ? "" : ", fold " + (number + 1) + " of " + folds.all().size();
      PhaseListener quiet = new PhaseListener(listener, "Trying pairs of texts" + of);
      try (TunedTrunk tuned = tuned(fold.train(), steps, Optional.empty(), quiet)) {
        ClassifierHead head = head(tuned, fold.train(), fold.trainGroups(), quiet).head();
        tuned.features(fold.heldOut(), 1, "Computing features");
        kept.keep(key, new HeadOutputs(head, tuned::of).probabilities(fold.heldOut()));
      }
    }
    return kept.of(key).orElseThrow();
  }

  /**
   * Trains on all examples what was proved on folds of them.
   *
   * @param groups near-duplicates among the training examples
   */
  TrainingOutcome train(int[] groups, int epochs, Validated validated, ExampleTable validatedOn) {
    ExampleTables tables = context.tables();
    ExampleTable train = tables.train();
    int steps = epochs * stepsPerEpoch(settings(train), train);
    Optional<FineTuning.Continuation> continuation =
        checkpointing.continuation(
            context.fingerprint() + "|pairs, " + steps + " steps", Checkpoints::ofTrainingAgain);
    try (TunedTrunk tuned = tuned(train, steps, continuation, listener)) {
      HeadProblem.Fit fit = head(tuned, train, groups, listener);
      listener.phase("Evaluating");
      ExampleTable golden = GoldenChoice.of(tables);
      tuned.features(tables.test(), 1, "Computing test features");
      tuned.features(golden, 1, "Computing golden examples");
      HeadOutputs outputs = new HeadOutputs(fit.head(), tuned::of);
      return new TrainingOutcome(
          fit.head(),
          tuned.weights(),
          context.backbone().blocks().stream().map(Block::name).toList(),
          validated,
          validatedOn,
          outputs.probabilities(tables.test()),
          golden,
          outputs.logits(golden),
          fit.candidates(),
          fit.history(),
          Findings.NONE);
    }
  }

  private TunedTrunk tuned(
      ExampleTable train,
      int steps,
      Optional<FineTuning.Continuation> continuation,
      TrainingListener heard) {
    int epochs = epochs(train, steps);
    try (FineTuning tuned =
        FineTuning.trainAgain(
            subject(),
            data(train),
            epochs,
            settings(train).withEpochs(epochs),
            continuation,
            heard)) {
      return TunedTrunk.open(context, tuned.weights(), heard);
    }
  }

  private HeadProblem.Fit head(
      TunedTrunk tuned, ExampleTable train, int[] groups, TrainingListener heard) {
    return new HeadFitting(context, heard)
        .fit(
            tuned.features(train, context.plan().views(), "Computing features"),
            train.labels(),
            groups,
            Optional.empty());
  }

  /** Epochs of examples that take about so many steps. */
  int epochs(ExampleTable train, int steps) {
    return Math.max(1, Math.round((float) steps / stepsPerEpoch(settings(train), train)));
  }

  private FineTuning.Subject subject() {
    return new FineTuning.Subject(
        context.backbone().trunk(),
        context.backbone().blocks(),
        0,
        TrainedParameters.ALL,
        context.weightOrigin(),
        context.backbone().freshBlocks(),
        context.tables().dataset().classes().size(),
        new Objective.Likeness());
  }

  private FineTuningData data(ExampleTable train) {
    return FineTuning.paired(context.views(), train);
  }

  private StepSettings settings(ExampleTable train) {
    return StepPlan.contrastive(
        context.settings(), train.size(), context.precision().precision(), context.backbone());
  }

  private static int stepsPerEpoch(StepSettings settings, ExampleTable train) {
    return Math.max(1, (train.size() + settings.batchSize() - 1) / settings.batchSize());
  }
}

package dev.graft.transfer;

import dev.graft.transfer.evidence.Findings;
import dev.graft.transfer.evidence.TrainingRecord.Epoch;
import dev.graft.transfer.training.Checkpoints;
import dev.graft.transfer.training.ClassifierHead;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.FineTuning;
import dev.graft.transfer.training.KeptWeights;
import dev.graft.transfer.training.StepSettings;
import dev.graft.transfer.training.Validated;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Trains layers of the trunk with the head, judged by held-out examples. */
final class UnfrozenTraining {
  /**
   * Shares of the way from the weights at the start to the trained ones that are tried (Wortsman et
   * al. 2022, WiSE-FT): between them is often something better than either.
   */
  private static final double[] SHARES = {1, 0.75, 0.5, 0.25};

  private static final String AGAIN = "|again ";

  private final RunContext context;
  private final TransferLearning.Checkpointing checkpointing;
  private final float[] classWeights;
  private final TrainingListener listener;

  UnfrozenTraining(
      RunContext context,
      TransferLearning.Checkpointing checkpointing,
      float[] classWeights,
      TrainingListener listener) {
    this.context = context;
    this.checkpointing = checkpointing;
    this.classWeights = classWeights;
    this.listener = listener;
  }

  /**
   * Where a training begins.
   *
   * @param head its weights at the start
   * @param examples what is trained on
   */
  record Start(ClassifierHead head, ExampleTable examples) {}

  /**
   * A training with what it is judged by.
   *
   * @param method how the validation examples were chosen, in words
   */
  record Parts(Start start, ExampleTable validation, String method) {}

  /**
   * What is known of a training before it begins, where it was proved elsewhere.
   *
   * @param epochs of it
   * @param share of the way from the start to the trained weights that is kept
   * @param validated predictions of the folds
   * @param table what the rows of those predictions number
   */
  record Proved(int epochs, double share, Validated validated, ExampleTable table) {}

  /**
   * Trains, and keeps what predicts the validation examples best.
   *
   * @param parts what trains, and what it is validated on
   * @param again all training examples with a head for them, where training is repeated on them
   */
  TrainingOutcome train(Parts parts, Optional<Start> again) {
    int most =
        parts.start.examples.size() + parts.validation.size() + again.map(this::size).orElse(0);
    try (TrainedPart part = TrainedPart.open(context, strategy(), most, listener)) {
      part.prepareTraining(parts.start.examples);
      again.ifPresent(start -> part.prepareTraining(start.examples));
      part.prepare(parts.validation, "Computing validation activations");
      // The second training takes no longer than the first.
      StepSettings all = steps(parts.start.examples);
      StepSettings steps = again.isPresent() ? all.withHalfTheBudget() : all;
      try (FineTuning tuned =
          FineTuning.train(
              part.subject(parts.start.head, classWeights),
              part.data(parts.start.examples),
              parts.validation,
              steps,
              checkpointing.continuation(context.fingerprint()),
              listener)) {
        listener.phase("Evaluating");
        double share =
            tuned.bestEpochs() == 0
                ? 1
                : setShare(tuned, parts.validation, UnaryOperator.identity());
        Validated validated =
            Validated.ofAll(
                parts.validation.labels(), tuned.probabilities(parts.validation), parts.method);
        Judged judged = new Judged(validated, parts.validation, tuned.history());
        if (again.isEmpty()) {
          return outcome(part, parts.start.head, tuned, judged);
        }
        int epochs = tuned.bestEpochs();
        listener.note(
            epochs == 0
                ? "No epoch predicted the held-out examples better than the weights at the start;"
                    + " the backbone's layers stay as they were."
                : "The held-out examples were predicted best after "
                    + epochs
                    + " epochs; training again so long on all "
                    + again.get().examples.size()
                    + " examples.");
        try (FineTuning last = last(part, again.get(), steps, epochs)) {
          return evaluated(part, again.get(), last, share, judged);
        }
      }
    }
  }

  /**
   * Trains on all examples what was proved on folds of them, or takes the weights that an earlier
   * run with the same data and settings trained.
   *
   * @param notes hears of the latter, and of weights that cannot be kept
   */
  TrainingOutcome train(Start start, Proved proved, Consumer<String> notes) {
    Optional<KeptWeights> cache = context.trainedWeights();
    String key = context.cacheKey(AGAIN + proved.epochs);
    Optional<Map<String, float[]>> before = cache.flatMap(kept -> kept.of(key));
    StepSettings steps =
        StepPlan.unfrozen(
            context.settings(),
            start.examples.size(),
            context.precision().precision(),
            context.backbone(),
            proved.epochs);
    int most = start.examples.size() + context.tables().validation().size();
    try (TrainedPart part = TrainedPart.open(context, strategy(), most, listener)) {
      if (before.isPresent()) {
        notes.accept(
            "The layers were trained by an earlier run with the same data and settings; its weights"
                + " are taken from the cache.");
        try (FineTuning last =
            FineTuning.trainedBefore(
                part.subject(start.head, classWeights),
                part.data(start.examples),
                steps,
                before.get())) {
          return judged(part, start, last, proved);
        }
      }
      part.prepareTraining(start.examples);
      try (FineTuning last = last(part, start, steps, proved.epochs)) {
        cache.flatMap(kept -> kept.keep(key, last.weights())).ifPresent(notes);
        return judged(part, start, last, proved);
      }
    }
  }

  /**
   * Examples that no training sees tell the share for this one, which may have been longer than
   * those of the folds, and judge it; where there are none, what the folds told has to do.
   */
  private TrainingOutcome judged(TrainedPart part, Start start, FineTuning last, Proved proved) {
    ExampleTable validation = context.tables().validation();
    if (validation.size() == 0) {
      Judged byFolds = new Judged(proved.validated, proved.table, List.of());
      return evaluated(part, start, last, proved.share, byFolds);
    }
    part.prepare(validation, "Computing validation activations");
    listener.phase("Evaluating");
    int[] labels = validation.labels();
    // The finished model is calibrated as well.
    setShare(last, validation, probabilities -> LadderRungs.calibrated(labels, probabilities));
    Validated own =
        Validated.ofAll(
            labels,
            last.probabilities(validation),
            ExampleTables.OWN_VALIDATION + LadderFold.OF_CHOSEN);
    return outcome(part, start.head, last, new Judged(own, validation, List.of()));
  }

  private FineTuning last(TrainedPart part, Start start, StepSettings steps, int epochs) {
    return FineTuning.trainAgain(
        part.subject(start.head, classWeights),
        part.data(start.examples),
        epochs,
        steps,
        checkpointing.continuation(
            context.fingerprint() + AGAIN + epochs, Checkpoints::ofTrainingAgain),
        listener);
  }

  private TrainingOutcome evaluated(
      TrainedPart part, Start start, FineTuning last, double share, Judged judged) {
    listener.phase("Evaluating");
    if (share < 1) {
      last.interpolate(share);
    }
    return outcome(part, start.head, last, judged);
  }

  /**
   * Sets the weights on the way to the trained ones that predict the validation examples best.
   *
   * @param seen what is judged of predicted probabilities
   */
  private double setShare(FineTuning tuned, ExampleTable validation, UnaryOperator<float[]> seen) {
    if (context.backbone().isFresh() || context.backbone().freshBlocks() > 0) {
      return 1;
    }
    double best = 1;
    double bestLoss = Double.POSITIVE_INFINITY;
    for (double share : SHARES) {
      tuned.interpolate(share);
      float[] probabilities = seen.apply(tuned.quickProbabilities(validation));
      int classes = probabilities.length / validation.size();
      double loss = Validated.logLoss(validation.labels(), probabilities, classes);
      if (loss < bestLoss) {
        bestLoss = loss;
        best = share;
      }
    }
    tuned.interpolate(best);
    if (best < 1) {
      listener.note(
          String.format(
              Locale.ROOT,
              "Weights %.0f %% of the way from the start to the trained ones predict the held-out"
                  + " examples better than the trained ones; they are kept.",
              100 * best));
    }
    return best;
  }

  private int size(Start start) {
    return start.examples.size();
  }

  private Strategy strategy() {
    return context.settings().strategy();
  }

  private StepSettings steps(ExampleTable examples) {
    return StepPlan.unfrozen(
        context.settings(), examples.size(), context.precision().precision(), context.backbone());
  }

  /** What a training was judged by, and how it went. */
  private record Judged(Validated validated, ExampleTable table, List<Epoch> history) {}

  private TrainingOutcome outcome(
      TrainedPart part, ClassifierHead head, FineTuning tuned, Judged judged) {
    ExampleTables tables = context.tables();
    ExampleTable golden = GoldenChoice.of(tables);
    part.prepare(tables.test(), "Computing test activations");
    part.prepare(golden, "Computing golden examples");
    return new TrainingOutcome(
        head,
        tuned.weights(),
        part.blockNames(),
        judged.validated,
        judged.table,
        tuned.probabilities(tables.test()),
        golden,
        tuned.logits(golden),
        List.of(),
        judged.history,
        Findings.NONE);
  }
}

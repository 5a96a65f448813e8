package dev.graft.transfer;

import dev.graft.data.DatasetKind;
import dev.graft.transfer.LadderRungs.Rung;
import dev.graft.transfer.ladder.StepBudget;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.FoldPredictions;
import dev.graft.transfer.training.Validated;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/** The rung of the ladder for few texts a class: pairs of them first, then a head. */
final class ContrastiveRung {
  /** With more examples of a class, pairs teach little that the examples do not. */
  private static final int MOST_OF_A_CLASS = 32;

  private final RunContext context;
  private final ContrastiveTraining training;
  private final LadderFold.Folds folds;
  private final FoldPredictions kept;
  private final TrainingListener listener;

  ContrastiveRung(
      RunContext context,
      TransferLearning.Checkpointing checkpointing,
      LadderFold.Folds folds,
      FoldPredictions kept,
      TrainingListener listener) {
    this.context = context;
    this.training = new ContrastiveTraining(context, checkpointing, listener);
    this.folds = folds;
    this.kept = kept;
    this.listener = listener;
  }

  /** Whether it is worth being tried on the data of a run. */
  static boolean suits(RunContext context) {
    int[] counts = new int[context.tables().dataset().classes().size()];
    for (int label : context.tables().train().labels()) {
      counts[label]++;
    }
    return context.tables().dataset().kind() == DatasetKind.TEXT
        && !context.backbone().isFresh()
        && Arrays.stream(counts).max().orElse(0) <= MOST_OF_A_CLASS;
  }

  /**
   * Trains on the folds, or takes what was predicted in an earlier run.
   *
   * @param headSeconds what the heads of the folds took
   * @param budget of the whole choice
   * @param secondsLeft for it and for the last training with it
   * @param skipped hears why it was not tried
   */
  Optional<Rung> tried(
      double headSeconds, Duration budget, double secondsLeft, Consumer<String> skipped) {
    long begun = System.nanoTime();
    LadderWords words = new LadderWords(context.backbone().blocks().size());
    Strategy strategy = new Strategy.Contrastive();
    ExampleTable train = folds.all().get(0).train();
    RungSteps choice = new RungSteps(strategy, budget, words, kept, listener, skipped);
    Optional<RungSteps.Extent> extent = choice.begun();
    if (extent.isEmpty()) {
      if (choice.lackedTime()) {
        return Optional.empty();
      }
      // The last training fits a head as the folds do.
      StepBudget cost =
          new StepBudget(
              training.steps(train),
              0,
              folds.all().size(),
              training.secondsPerStep(train),
              2 * headSeconds);
      double left = secondsLeft - (System.nanoTime() - begun) / 1e9;
      extent = choice.affordable(cost, left, RungSteps.Best.HEAD);
    }
    return extent.map(found -> tried(words.name(strategy), found, begun));
  }

  private Rung tried(String name, RungSteps.Extent extent, long begun) {
    Validated validated = training.validated(folds.first(extent.folds()), extent.steps(), kept);
    int classes = context.tables().dataset().classes().size();
    float[] probabilities = validated.probabilities();
    int epochs = training.epochs(context.tables().train(), extent.steps());
    return new Rung(
        name,
        new Strategy.Contrastive(),
        context.settings().head(),
        extent.folds(),
        probabilities,
        Validated.accuracy(validated.labels(), probabilities, classes),
        Validated.logLoss(
            validated.labels(), LadderRungs.calibrated(validated.labels(), probabilities), classes),
        (System.nanoTime() - begun) / 1e9,
        Optional.of(new LadderRungs.Course(RungSteps.Best.OTHER_STEPS, epochs, 1, probabilities)));
  }
}

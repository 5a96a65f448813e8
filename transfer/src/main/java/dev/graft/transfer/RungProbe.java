package dev.graft.transfer;

import dev.graft.transfer.ladder.StepBudget;
import dev.graft.transfer.training.ClassifierHead;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.FoldPredictions;
import dev.graft.transfer.training.StepProbe;
import dev.graft.transfer.training.StepSettings;
import java.util.stream.IntStream;

/**
 * Finds out what a rung with unfrozen layers would cost: by a few steps, and by preparing what they
 * read.
 *
 * @param kept what earlier runs found out
 * @param lastSteps steps of an unhurried last training
 */
record RungProbe(RunContext context, LadderFold.Folds folds, FoldPredictions kept, int lastSteps) {
  private static final int STEPS = 3;

  /** A pass without gradients takes about a third of a step. */
  private static final double PASS_OF_STEP = 1 / 3.0;

  /**
   * The cost of a rung. Where the time that is left suffices for preparing what all folds read,
   * that is done, and no longer a cost.
   *
   * @param start the head that training begins with
   * @param secondsLeft for the rung and for the last training
   */
  StepBudget cost(
      TrainedPart part,
      Strategy strategy,
      ClassifierHead start,
      float[] classWeights,
      double secondsLeft) {
    long begun = System.nanoTime();
    ExampleTable train = folds.all().get(0).train();
    StepSettings settings =
        StepPlan.unfrozen(
            context.settings(), train.size(), context.precision().precision(), context.backbone());
    ExampleTable few = first(train, (STEPS + 1) * settings.batchSize());
    double preparing = preparing(part, strategy, few, settings.batchSize());
    double step =
        StepProbe.seconds(part.subject(start, classWeights), part.data(few), settings, STEPS);
    if (preparing <= secondsLeft - (System.nanoTime() - begun) / 1e9) {
      folds.all().forEach(fold -> part.prepareTraining(fold.train()));
      folds.all().forEach(fold -> part.prepare(fold.heldOut(), "Computing activations"));
      preparing = 0;
      kept.keep(key(strategy), new float[] {0});
    }
    int passes = LadderRungs.SHARES.size() * folds.labels().length / settings.batchSize();
    int fullSteps = settings.epochs() * StepPlan.stepsPerEpoch(context.settings(), train.size());
    return new StepBudget(
            fullSteps, lastSteps, folds.all().size(), step, step * PASS_OF_STEP * passes)
        .withPreparation(preparing);
  }

  /**
   * Seconds that preparing all training examples takes, by those of the probe; what earlier runs
   * prepared of these few would make it look shorter, so that what the first one found out counts.
   */
  private double preparing(TrainedPart part, Strategy strategy, ExampleTable few, int batch) {
    part.prepareTraining(first(few, batch)); // the network is opened
    long begun = System.nanoTime();
    part.prepareTraining(few);
    double measured =
        (System.nanoTime() - begun)
            / 1e9
            * context.tables().train().size()
            / Math.max(1, few.size() - batch);
    double seconds = kept.of(key(strategy)).map(found -> (double) found[0]).orElse(measured);
    kept.keep(key(strategy), new float[] {(float) seconds});
    return seconds;
  }

  private static ExampleTable first(ExampleTable table, int rows) {
    return table.rows(IntStream.range(0, Math.min(rows, table.size())).toArray());
  }

  private static String key(Strategy strategy) {
    return strategy + "|seconds to prepare";
  }
}

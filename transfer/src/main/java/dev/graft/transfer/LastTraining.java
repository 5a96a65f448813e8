package dev.graft.transfer;

import dev.graft.transfer.training.FoldPredictions;
import dev.graft.transfer.training.StepSettings;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How long the chosen layers are trained on all examples: at least as long as on a fold, and up to
 * their whole schedule where time is left. A hurried training on folds still tells which layers to
 * train; a hurried last one costs accuracy.
 *
 * @param fullEpochs of the whole schedule on all examples
 * @param stepsPerEpoch on all examples
 * @param kept where later runs find what this one decided
 */
record LastTraining(int fullEpochs, int stepsPerEpoch, FoldPredictions kept) {
  private static final int[] DIVISORS = {1, 2, 4};

  /**
   * Networks of photos gain much on digits up to so many steps, and little beyond: half of the
   * usual schedule of 500, rounded up to whole epochs.
   */
  private static final int UNHURRIED_STEPS = 270;

  static LastTraining of(RunContext context, FoldPredictions kept) {
    int examples = context.tables().train().size();
    StepSettings schedule =
        StepPlan.unfrozen(
            context.settings(), examples, context.precision().precision(), context.backbone());
    int stepsPerEpoch = StepPlan.stepsPerEpoch(context.settings(), examples);
    return new LastTraining(schedule.epochs(), stepsPerEpoch, kept);
  }

  /** Steps below which a training on all examples is a hurried one. */
  int unhurriedSteps() {
    return Math.min(UNHURRIED_STEPS, fullEpochs * stepsPerEpoch);
  }

  /** Hears what a step takes with a strategy; the latest word counts. */
  void measured(Strategy strategy, double secondsPerStep) {
    kept.keep(stepKey(strategy), new float[] {(float) secondsPerStep});
  }

  /**
   * Time of a training of {@link #unhurriedSteps}, 0 where no step of the strategy was measured.
   */
  double unhurriedSeconds(Strategy strategy) {
    return unhurriedSteps() * secondsPerStep(strategy);
  }

  /**
   * Epochs for all examples: all, a half or a quarter of the whole schedule, so that the noise of
   * timing seldom changes them.
   *
   * @param least epochs in which as many steps are taken as on a fold
   * @param budget of the whole choice; a later run with the same decides the same
   */
  int epochs(Strategy strategy, int least, Duration budget, double secondsLeft) {
    String key = strategy + "|last after " + least + "|" + budget;
    double perEpoch = stepsPerEpoch * secondsPerStep(strategy);
    int epochs =
        kept.of(key)
            .map(decided -> (int) decided[0])
            .orElseGet(
                () ->
                    IntStream.of(DIVISORS)
                        .map(divisor -> fullEpochs / divisor)
                        .filter(some -> some > least && perEpoch > 0)
                        .filter(some -> some * perEpoch <= secondsLeft)
                        .findFirst()
                        .orElse(least));
    kept.keep(key, new float[] {epochs});
    return epochs;
  }

  /** How the predictions of the folds and the model differ, for a training of so many epochs. */
  static String described(int epochs, int onFolds) {
    return epochs == onFolds
        ? ""
        : String.format(
            Locale.ROOT,
            "; the last training took %d epochs instead of %d, since the time allowed it",
            epochs,
            onFolds);
  }

  private double secondsPerStep(Strategy strategy) {
    return kept.of(stepKey(strategy)).map(seconds -> (double) seconds[0]).orElse(0.0);
  }

  private static String stepKey(Strategy strategy) {
    return strategy + "|seconds a step";
  }
}

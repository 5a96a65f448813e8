package dev.graft.transfer.ladder;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * How many steps a training may take when a fold each and a last training on everything must end in
 * a given time.
 *
 * <p>Numbers of steps are full, a half or a quarter, so that the noise of timing seldom changes
 * what is done.
 *
 * @param fullSteps steps of an unhurried training, at least 1
 * @param folds trainings on folds beside the last
 * @param secondsPerStep of one step
 * @param evaluationSeconds for predicting the held-out examples of all folds
 */
public record StepBudget(
    int fullSteps, int folds, double secondsPerStep, double evaluationSeconds) {
  private static final int[] DIVISORS = {1, 2, 4};

  /** Fewer steps change too little to be compared. */
  private static final int FEWEST_STEPS = 60;

  /** The numbers of steps that may be taken, the largest first. */
  public static List<Integer> choices(int fullSteps) {
    return Arrays.stream(DIVISORS)
        .filter(divisor -> divisor == 1 || fullSteps / divisor >= FEWEST_STEPS)
        .map(divisor -> fullSteps / divisor)
        .boxed()
        .toList();
  }

  /** The most steps that fit, if any number does. */
  public OptionalInt stepsIn(double seconds) {
    return choices(fullSteps).stream()
        .mapToInt(Integer::intValue)
        .filter(steps -> secondsFor(steps) <= seconds)
        .findFirst();
  }

  /** The same for fewer folds. */
  public StepBudget onFolds(int fewer) {
    return new StepBudget(fullSteps, fewer, secondsPerStep, evaluationSeconds * fewer / folds);
  }

  /** Time for the folds, their evaluation and the last training. */
  public double secondsFor(int steps) {
    return (folds + 1) * steps * secondsPerStep + evaluationSeconds;
  }
}

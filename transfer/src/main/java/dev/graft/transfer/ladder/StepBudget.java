package dev.graft.transfer.ladder;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * How many steps a training may take when a fold each and a last training on everything must end in
 * a given time.
 *
 * <p>Numbers of steps are full, a half or a quarter, so that the noise of timing seldom changes
 * what is done. Folds only compare, and may be hurried where the last training is not.
 *
 * @param fullSteps steps of an unhurried training on a fold, at least 1
 * @param mostSteps none are taken on a fold beyond so many
 * @param lastSteps steps of an unhurried last training; it never takes fewer than a fold, and 0 is
 *     for one that takes as many
 * @param folds trainings on folds beside the last
 * @param secondsPerStep of one step
 * @param evaluationSeconds for predicting the held-out examples of all folds
 * @param preparingSeconds for what is done before the first fold, however many there are
 */
public record StepBudget(
    int fullSteps,
    int mostSteps,
    int lastSteps,
    int folds,
    double secondsPerStep,
    double evaluationSeconds,
    double preparingSeconds) {
  private static final int[] DIVISORS = {1, 2, 4};

  /** Fewer steps change too little to be compared. */
  private static final int FEWEST_STEPS = 60;

  /** As many steps on a fold as an unhurried training takes. */
  public StepBudget(
      int fullSteps, int lastSteps, int folds, double secondsPerStep, double evaluationSeconds) {
    this(fullSteps, fullSteps, lastSteps, folds, secondsPerStep, evaluationSeconds, 0);
  }

  /** The same with something to be done before the first fold. */
  public StepBudget withPreparation(double seconds) {
    return new StepBudget(
        fullSteps, mostSteps, lastSteps, folds, secondsPerStep, evaluationSeconds, seconds);
  }

  /** The numbers of steps that may be taken, the largest first. */
  public static List<Integer> choices(int fullSteps) {
    return Arrays.stream(DIVISORS)
        .filter(divisor -> divisor == 1 || fullSteps / divisor >= FEWEST_STEPS)
        .map(divisor -> fullSteps / divisor)
        .boxed()
        .toList();
  }

  /**
   * The most steps that fit before an unhurried last training, if any number does.
   *
   * @param seconds for all of it
   * @param onFolds what folds and what else they take may use of that
   */
  public OptionalInt stepsBeforeUnhurriedLast(double seconds, double onFolds) {
    return lastSteps == 0
        ? stepsIn(seconds)
        : most(
            steps -> secondsWithUnhurriedLast(steps) <= seconds && secondsFor(steps, 0) <= onFolds);
  }

  /** The most steps that fit before a last training of as many, if any number does. */
  public OptionalInt stepsIn(double seconds) {
    return most(steps -> secondsFor(steps) <= seconds);
  }

  private OptionalInt most(IntPredicate fitting) {
    return choices(fullSteps).stream()
        .mapToInt(Integer::intValue)
        .filter(steps -> steps <= mostSteps)
        .filter(fitting)
        .findFirst();
  }

  /** The same for fewer folds. */
  public StepBudget onFolds(int fewer) {
    return new StepBudget(
        fullSteps,
        mostSteps,
        lastSteps,
        fewer,
        secondsPerStep,
        evaluationSeconds * fewer / folds,
        preparingSeconds);
  }

  /** The same with at most so many steps on a fold. */
  public StepBudget atMost(int steps) {
    return new StepBudget(
        fullSteps,
        Math.min(mostSteps, steps),
        lastSteps,
        folds,
        secondsPerStep,
        evaluationSeconds,
        preparingSeconds);
  }

  /**
   * Time for the folds, what else they take and a last training of as many steps as a fold takes.
   */
  public double secondsFor(int steps) {
    return secondsFor(steps, steps);
  }

  /** Time for the folds, what else they take and an unhurried last training. */
  public double secondsWithUnhurriedLast(int steps) {
    return secondsFor(steps, Math.max(steps, lastSteps));
  }

  /** Time for an unhurried last training. */
  public double unhurriedLastSeconds() {
    return lastSteps * secondsPerStep;
  }

  private double secondsFor(int steps, int last) {
    return preparingSeconds + ((double) folds * steps + last) * secondsPerStep + evaluationSeconds;
  }
}

package dev.graft.transfer;

import dev.graft.transfer.ladder.StepBudget;
import dev.graft.transfer.training.FoldPredictions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * How many steps a rung takes on how many folds, where the time allows any; that it did not is
 * kept, so that a later run with the same budget decides the same.
 *
 * @param strategy of the rung
 * @param budget of the whole choice
 * @param kept what earlier runs found out
 * @param skipped hears that the time is too short
 */
record RungSteps(
    Strategy strategy,
    Duration budget,
    LadderWords words,
    FoldPredictions kept,
    TrainingListener listener,
    Consumer<String> skipped) {
  /**
   * How far a rung is tried.
   *
   * @param steps on each fold
   * @param folds of those that there are, in their order
   */
  record Extent(int steps, int folds) {}

  /**
   * What a further rung has to leave room for, and is compared with.
   *
   * @param lastSeconds of an unhurried last training with it, 0 for a head
   * @param foldSteps that it took on a fold, which no further rung exceeds: of two rungs, the one
   *     that trained longer might be taken for that alone
   */
  record Best(double lastSeconds, int foldSteps) {
    /** Steps that are not those of the rungs with unfrozen layers. */
    static final int OTHER_STEPS = Integer.MAX_VALUE;

    static final Best HEAD = new Best(0, OTHER_STEPS);

    boolean hasLayers() {
      return lastSeconds > 0;
    }
  }

  /** How far an earlier run with the same budget tried it; a resumed one goes on with that. */
  Optional<Extent> begun() {
    return kept.of(begunKey()).map(extent -> new Extent((int) extent[0], (int) extent[1]));
  }

  /** Whether an earlier run found the time too short; tells so. */
  boolean lackedTime() {
    kept.of(key()).ifPresent(needed -> skipped.accept(words.lacksTime(strategy, needed[0])));
    return kept.of(key()).isPresent();
  }

  /**
   * As many steps as fit on all folds, or else on the first, which is announced; empty where none
   * do, which is kept and told.
   *
   * <p>An unhurried last training comes first, since a hurried one may cost more than any rung
   * gains. A last training that is as hurried as the folds is allowed only as long as the best rung
   * is a head. Folds take no more than half of the time for the first rung with layers, so that
   * there is some for others to compare with, or for a longer last training.
   *
   * @param secondsLeft for the rung and for the last training
   * @param best the best rung so far
   */
  Optional<Extent> affordable(StepBudget cost, double secondsLeft, Best best) {
    double missing = Math.max(0, best.lastSeconds - cost.unhurriedLastSeconds());
    StepBudget comparable = cost.atMost(best.foldSteps);
    double onFolds = best.hasLayers() ? secondsLeft : secondsLeft / 2;
    for (StepBudget one : List.of(comparable, comparable.onFolds(1))) {
      OptionalInt unhurried = one.stepsBeforeUnhurriedLast(secondsLeft - missing, onFolds);
      OptionalInt steps =
          unhurried.isEmpty() && !best.hasLayers() ? one.stepsIn(secondsLeft) : unhurried;
      if (steps.isPresent()) {
        kept.keep(begunKey(), new float[] {steps.getAsInt(), one.folds()});
        double seconds =
            unhurried.isPresent()
                ? one.secondsWithUnhurriedLast(steps.getAsInt())
                : one.secondsFor(steps.getAsInt());
        announce(one, steps.getAsInt(), cost.folds(), seconds);
        return Optional.of(new Extent(steps.getAsInt(), one.folds()));
      }
    }
    double needed = cost.secondsFor(cost.fullSteps());
    kept.keep(key(), new float[] {(float) needed});
    skipped.accept(words.lacksTime(strategy, needed));
    return Optional.empty();
  }

  private void announce(StepBudget cost, int steps, int allFolds, double seconds) {
    listener.note(
        String.format(
            Locale.ROOT,
            "Trying %s: %d steps on %s, about %s with the last training.",
            words.name(strategy),
            steps,
            cost.folds() == allFolds
                ? "each of " + allFolds + " folds"
                : "the first of " + allFolds + " folds",
            LadderWords.seconds(seconds)));
  }

  private String begunKey() {
    return strategy + "|begun|" + budget;
  }

  private String key() {
    return strategy + "|lacks time|" + budget;
  }
}

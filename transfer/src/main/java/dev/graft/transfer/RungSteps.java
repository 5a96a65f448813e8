package dev.graft.transfer;

import dev.graft.transfer.ladder.StepBudget;
import dev.graft.transfer.training.FoldPredictions;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * How many steps a rung takes on each fold, where the time allows any; that it did not is kept, so
 * that a later run with the same budget decides the same.
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
  /** Whether an earlier run found the time too short; tells so. */
  boolean lackedTime() {
    kept.of(key()).ifPresent(needed -> skipped.accept(words.lacksTime(strategy, needed[0])));
    return kept.of(key()).isPresent();
  }

  /** As many as fit, which are announced; empty where none do, which is kept and told. */
  OptionalInt affordable(StepBudget cost, double secondsLeft) {
    OptionalInt steps = cost.stepsIn(secondsLeft);
    if (steps.isEmpty()) {
      double needed = cost.secondsFor(cost.fullSteps());
      kept.keep(key(), new float[] {(float) needed});
      skipped.accept(words.lacksTime(strategy, needed));
      return steps;
    }
    listener.note(
        String.format(
            Locale.ROOT,
            "Trying %s: %d steps on each of %d folds, about %s with the last training.",
            words.name(strategy),
            steps.getAsInt(),
            cost.folds(),
            LadderWords.seconds(cost.secondsFor(steps.getAsInt()))));
    return steps;
  }

  private String key() {
    return strategy + "|lacks time|" + budget;
  }
}

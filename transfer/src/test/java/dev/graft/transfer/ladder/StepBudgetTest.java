package dev.graft.transfer.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepBudgetTest {
  /** Three folds and the last training at 0.1 s a step: 0.4 s for each step of one. */
  private static final StepBudget BUDGET = new StepBudget(500, 500, 3, 0.1, 2);

  @ParameterizedTest
  @CsvSource({"202,500", "201.9,250", "102,250", "101.9,125", "52,125"})
  void stepsIn_secondsLeft_mostThatFit(double seconds, int steps) {
    assertThat(BUDGET.stepsIn(seconds)).hasValue(steps);
  }

  @Test
  void stepsIn_lessThanAQuarterTakes_none() {
    assertThat(BUDGET.stepsIn(51)).isEmpty();
  }

  /** Before 500 last steps, which take 50 s. */
  @ParameterizedTest
  @CsvSource({"202,500", "201.9,250", "127,250", "126.9,125", "89.5,125"})
  void stepsBeforeUnhurriedLast_secondsLeft_mostThatFitBeforeIt(double seconds, int steps) {
    assertThat(BUDGET.stepsBeforeUnhurriedLast(seconds, seconds)).hasValue(steps);
  }

  @Test
  void stepsBeforeUnhurriedLast_noTimeForIt_none() {
    assertThat(BUDGET.stepsBeforeUnhurriedLast(89.4, 89.4)).isEmpty();
    assertThat(BUDGET.onFolds(1).stepsBeforeUnhurriedLast(64, 64)).hasValue(125);
    assertThat(BUDGET.unhurriedLastSeconds()).isEqualTo(50);
  }

  /** They take 152 s, 77 s or 39.5 s with the evaluation. */
  @ParameterizedTest
  @CsvSource({"152,500", "151.9,250", "77,250", "76.9,125", "39.5,125"})
  void stepsBeforeUnhurriedLast_littleTimeForFolds_mostThatFitInIt(double onFolds, int steps) {
    assertThat(BUDGET.stepsBeforeUnhurriedLast(1000, onFolds)).hasValue(steps);
    assertThat(BUDGET.stepsBeforeUnhurriedLast(1000, 39.4)).isEmpty();
  }

  /** The last training reads everything, so that fewer folds save nothing of it. */
  @Test
  void withPreparation_anyNumberOfFolds_comesFirst() {
    StepBudget prepared = BUDGET.withPreparation(30);
    assertThat(prepared.secondsFor(125)).isCloseTo(30 + BUDGET.secondsFor(125), within(1e-9));
    assertThat(prepared.onFolds(1).atMost(125).secondsFor(125))
        .isCloseTo(30 + BUDGET.onFolds(1).secondsFor(125), within(1e-9));
  }

  @Test
  void atMost_enoughTimeForMore_noMore() {
    assertThat(BUDGET.atMost(250).stepsBeforeUnhurriedLast(1000, 1000)).hasValue(250);
    assertThat(BUDGET.atMost(250).atMost(500).onFolds(1).stepsIn(1000)).hasValue(250);
  }

  @Test
  void stepsBeforeUnhurriedLast_lastAsLongAsAFold_asIfNothingWereSaid() {
    StepBudget pairs = new StepBudget(500, 0, 3, 0.1, 2);
    assertThat(pairs.stepsBeforeUnhurriedLast(202, 202)).hasValue(500);
    assertThat(pairs.stepsBeforeUnhurriedLast(201.9, 201.9)).hasValue(250);
  }

  @Test
  void choices_shortTraining_isNotCutBelowWhatCanBeCompared() {
    assertThat(StepBudget.choices(40)).containsExactly(40);
    assertThat(StepBudget.choices(130)).containsExactly(130, 65);
  }
}

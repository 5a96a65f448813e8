package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.transfer.ladder.StepBudget;
import dev.graft.transfer.training.FoldPredictions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far a rung is tried within the time that is left. */
class RungStepsTest {
  /**
   * 500 steps on three folds and everything take 200 s, a quarter on one fold and all 25 s; before
   * an unhurried last training of 50 s, a quarter takes 37.5 s on three folds and 12.5 s on one.
   */
  private static final StepBudget COST = new StepBudget(500, 500, 3, 0.1, 0);

  private final Path folder;
  private final List<String> notes = new ArrayList<>();

  RungStepsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static RungSteps.Best best(double lastSeconds) {
    return new RungSteps.Best(lastSeconds, 500);
  }

  private RungSteps steps() {
    return steps(Duration.ofMinutes(1));
  }

  private RungSteps steps(Duration budget) {
    return new RungSteps(
        new Strategy.HeadThenAll(),
        budget,
        new LadderWords(9),
        FoldPredictions.inCache(folder, "run"),
        new TrainingListener() {
          @Override
          public void note(String sentence) {
            notes.add(sentence);
          }
        },
        notes::add);
  }

  @Test
  void affordable_timeForAQuarter_onAllFolds() {
    assertThat(steps().affordable(COST, 60, RungSteps.Best.HEAD))
        .hasValue(new RungSteps.Extent(125, 3));
    assertThat(notes)
        .containsExactly(
            "Trying all layers: 125 steps on each of 3 folds, about 50 s with the last training.");
  }

  @Test
  void affordable_lessTime_onTheFirstFold() {
    assertThat(steps().affordable(COST, 40, RungSteps.Best.HEAD))
        .hasValue(new RungSteps.Extent(125, 1));
    assertThat(notes)
        .containsExactly(
            "Trying all layers: 125 steps on the first of 3 folds, about 25 s with the last"
                + " training.");
  }

  @Test
  void affordable_timeForAnUnhurriedLastTraining_ratherThanForMoreStepsOnFolds() {
    assertThat(steps().affordable(COST, 105, RungSteps.Best.HEAD))
        .hasValue(new RungSteps.Extent(125, 3));
    assertThat(notes).singleElement().asString().contains("about 88 s with the last training");
  }

  /** 250 steps on three folds take 75 s. */
  @Test
  void affordable_firstRungWithLayers_foldsTakeHalfOfTheTime() {
    RungSteps.Extent more = new RungSteps.Extent(250, 3);
    assertThat(steps().affordable(COST, 150, RungSteps.Best.HEAD)).hasValue(more);
    assertThat(steps().affordable(COST, 149, RungSteps.Best.HEAD))
        .hasValue(new RungSteps.Extent(125, 3));
    assertThat(steps().affordable(COST, 149, best(50))).hasValue(more);
  }

  /** What is better already shall not be trained in a hurry for the sake of another rung. */
  @Test
  void affordable_aboveARungWithLayers_onlyBeforeAnUnhurriedLastTraining() {
    assertThat(steps().affordable(COST, 60, best(50))).isEmpty();
    assertThat(steps().affordable(COST, 63, best(50))).hasValue(new RungSteps.Extent(125, 1));
    assertThat(steps().affordable(COST, 72, best(60))).isEmpty();
    assertThat(steps().affordable(COST, 73, best(60))).hasValue(new RungSteps.Extent(125, 1));
  }

  /** What trained longer might seem better for that alone. */
  @Test
  void affordable_aboveARungWithFewerSteps_noMoreThanThat() {
    assertThat(steps().affordable(COST, 1000, best(1))).hasValue(new RungSteps.Extent(500, 3));
    RungSteps.Best hurried = new RungSteps.Best(1, 250);
    assertThat(steps().affordable(COST, 1000, hurried)).hasValue(new RungSteps.Extent(250, 3));
  }

  @Test
  void affordable_noTime_saysWhatItWouldTakeAndKeepsIt() {
    assertThat(steps().affordable(COST, 20, RungSteps.Best.HEAD)).isEmpty();
    assertThat(notes).singleElement().asString().contains("Not tried: all layers", "3 min");

    assertThat(steps().lackedTime()).isTrue();
    assertThat(notes).hasSize(2).allMatch(notes.get(0)::equals);
  }

  /** A run that goes on compares on the folds that it began with. */
  @Test
  void begun_sameBudget_goesOnWithTheSame() {
    assertThat(steps().begun()).isEmpty();
    steps().affordable(COST, 40, RungSteps.Best.HEAD);
    assertThat(steps().begun()).hasValue(new RungSteps.Extent(125, 1));
  }

  /** Whoever grants more time wants it to be used. */
  @Test
  void begun_otherBudget_isDecidedAnew() {
    steps().affordable(COST, 40, RungSteps.Best.HEAD);
    assertThat(steps(Duration.ofMinutes(5)).begun()).isEmpty();
    assertThat(steps(Duration.ofMinutes(5)).affordable(COST, 150, RungSteps.Best.HEAD))
        .hasValue(new RungSteps.Extent(250, 3));
    assertThat(steps().begun()).hasValue(new RungSteps.Extent(125, 1));
  }
}

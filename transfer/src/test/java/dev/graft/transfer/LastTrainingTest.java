package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.transfer.training.FoldPredictions;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long the chosen layers are trained on all examples. */
class LastTrainingTest {
  private static final Strategy ALL = new Strategy.HeadThenAll();

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Path folder;

  LastTrainingTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** 60 epochs of 4 steps; a step takes 0.1 s. */
  private LastTraining measured() {
    LastTraining last = new LastTraining(60, 4, FoldPredictions.inCache(folder, "run"));
    last.measured(ALL, 0.1);
    return last;
  }

  @Test
  void unhurriedSeconds_measuredStrategy_stepsByTheirTime() {
    assertThat(measured().unhurriedSeconds(ALL)).isCloseTo(24, within(1e-5));
    assertThat(measured().unhurriedSeconds(new Strategy.HeadThenNorms())).isZero();
  }

  @Test
  void unhurriedSteps_longSchedule_notAllOfIt() {
    FoldPredictions kept = FoldPredictions.inCache(folder, "run");
    assertThat(new LastTraining(60, 4, kept).unhurriedSteps()).isEqualTo(240);
    assertThat(new LastTraining(16, 32, kept).unhurriedSteps()).isEqualTo(270);
  }

  @Test
  void epochs_plentyOfTime_wholeSchedule() {
    assertThat(measured().epochs(ALL, 23, MINUTE, 30)).isEqualTo(60);
  }

  @Test
  void epochs_lessTime_aHalfOfThem() {
    assertThat(measured().epochs(ALL, 23, MINUTE, 20)).isEqualTo(30);
  }

  @Test
  void epochs_noTime_neverFewerThanOnAFold() {
    assertThat(measured().epochs(ALL, 23, MINUTE, 1)).isEqualTo(23);
    assertThat(measured().epochs(ALL, 45, MINUTE, -3)).isEqualTo(45);
  }

  @Test
  void epochs_nothingMeasured_asOnAFold() {
    LastTraining last = new LastTraining(60, 4, FoldPredictions.inCache(folder, "run"));
    assertThat(last.epochs(ALL, 23, MINUTE, 1_000)).isEqualTo(23);
  }

  /** A run that is resumed or repeated trains the same model, whatever time it finds. */
  @Test
  void epochs_decidedBefore_theSameAgain() {
    measured().epochs(ALL, 23, MINUTE, 20);
    assertThat(measured().epochs(ALL, 23, MINUTE, 1_000)).isEqualTo(30);
    assertThat(measured().epochs(ALL, 23, MINUTE, 0)).isEqualTo(30);
    assertThat(measured().epochs(ALL, 23, MINUTE.multipliedBy(2), 1_000)).isEqualTo(60);
  }

  @Test
  void described_moreEpochs_saysSo() {
    assertThat(LastTraining.described(23, 23)).isEmpty();
    assertThat(LastTraining.described(60, 23)).contains("60 epochs instead of 23");
  }
}

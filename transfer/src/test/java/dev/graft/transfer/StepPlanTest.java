package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.engine.Precision;
import dev.graft.transfer.training.StepSettings;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is trained by steps, where nothing is said about them. */
class StepPlanTest {
  private static final TransferSettings SETTINGS = TransferSettings.defaults();

  private static double rate(TransferSettings settings, Backbone backbone, int epochs) {
    return StepPlan.unfrozen(settings, 160, Precision.FP32, backbone, epochs)
        .optimizer()
        .learningRate();
  }

  /** 160 examples are 10 steps an epoch. */
  @ParameterizedTest
  @CsvSource({"100, 1e-3", "50, 1e-3", "25, 1.41421e-3", "12, 2e-3", "1, 2e-3"})
  void unfrozen_fewerSteps_longerOnes(int epochs, double expected, @TempDir Path folder) {
    assertThat(rate(SETTINGS, ToyTask.backbone(folder), epochs)).isCloseTo(expected, within(1e-8));
  }

  @Test
  void unfrozen_rateThatWasAskedFor_isKept(@TempDir Path folder) {
    TransferSettings asked = SETTINGS.toBuilder().learningRate(OptionalDouble.of(3e-4)).build();
    assertThat(rate(asked, ToyTask.backbone(folder), 1)).isEqualTo(3e-4);
  }

  @ParameterizedTest
  @CsvSource({"50, 60, 16", "200, 39, 16", "1000, 16, 32", "10000, 5, 32"})
  void unfrozen_examples_epochsOfFiveHundredSteps(
      int examples, int epochs, int batch, @TempDir Path folder) {
    StepSettings steps =
        StepPlan.unfrozen(SETTINGS, examples, Precision.FP32, ToyTask.backbone(folder));
    assertThat(steps.epochs()).isEqualTo(epochs);
    assertThat(steps.batchSize()).isEqualTo(batch);
  }

  /** The rate comes down at the end of the schedule, and with it the gain. */
  @Test
  void unfrozen_noGainForLong_scheduleIsGoneThrough(@TempDir Path folder) {
    StepSettings steps =
        StepPlan.unfrozen(SETTINGS, 200, Precision.FP32, ToyTask.backbone(folder), 10);
    assertThat(steps.patience()).isEqualTo(10);
  }
}

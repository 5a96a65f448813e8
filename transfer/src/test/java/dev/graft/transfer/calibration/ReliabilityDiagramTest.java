package dev.graft.transfer.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.transfer.evidence.CalibrationFindings.Bin;
import dev.graft.transfer.evidence.CalibrationFindings.Reliability;
import org.junit.jupiter.api.Test;

class ReliabilityDiagramTest {
  @Test
  void of_calibratedPredictions_hasHardlyAnError() {
    Reliability found = ReliabilityDiagram.of(DrawnPredictions.of(50_000, 3, 1, 1));
    // Of so many examples a bin's accuracy is off by about 0.5 points.
    assertThat(found.expectedCalibrationError()).isLessThan(0.01);
    assertThat(found.bins()).hasSize(10);
    assertThat(found.bins().stream().mapToInt(Bin::examples).sum()).isEqualTo(50_000);
  }

  @Test
  void of_tooSurePredictions_hasTheDifferenceAsError() {
    // Four predictions of 0.9 of which one is right: |1/4 - 0.9|.
    HeldOutPredictions sure =
        new HeldOutPredictions(
            new int[] {0, 1, 1, 1}, new float[] {.9f, .1f, .9f, .1f, .9f, .1f, .9f, .1f}, 2);
    assertThat(ReliabilityDiagram.of(sure).expectedCalibrationError())
        .isCloseTo(0.65, within(1e-6));
  }

  @Test
  void of_severalConfidences_fillsTheirBins() {
    HeldOutPredictions mixed =
        new HeldOutPredictions(new int[] {0, 0, 1}, new float[] {1, 0, .55f, .45f, .58f, .42f}, 2);
    Reliability found = ReliabilityDiagram.of(mixed);
    assertThat(found.bins().get(9)).isEqualTo(new Bin(0.9, 1, 1, 1, 1));
    Bin middle = found.bins().get(5);
    assertThat(middle.examples()).isEqualTo(2);
    assertThat(middle.confidence()).isCloseTo(0.565, within(1e-6));
    assertThat(middle.accuracy()).isEqualTo(0.5);
    assertThat(found.bins().get(0)).isEqualTo(new Bin(0, 0.1, 0, 0, 0));
    assertThat(found.expectedCalibrationError()).isCloseTo(2 / 3.0 * 0.065, within(1e-6));
  }
}

package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

final class WeightAverageTest {
  private static final FloatTensor IMAGES =
      TestTensors.noise(1, 4, 3, TestGraphs.SIDE, TestGraphs.SIDE);
  private static final int[] LABELS = {0, 1, 2, 3};

  private static TrainingSession session() {
    TrainingOptions options =
        TestTraining.everything(new OptimizerSettings.Sgd(0.1, 0.9, true), Precision.FP32);
    return TrainingSession.open(TestGraphs.residual(), options);
  }

  // d_t = min(decay, (1 + t) / (10 + t)): 2/11 after the first step, 3/12 after the second.
  @Test
  void update_twoSteps_followsTheFormula() {
    try (TrainingSession session = session();
        WeightAverage average = session.average(0.9)) {
      Map<String, float[]> expected = new HashMap<>(session.weights());
      for (int step = 1; step <= 2; step++) {
        session.step(IMAGES, LABELS, 1);
        average.update(step);
        double kept = (1.0 + step) / (10.0 + step);
        Map<String, float[]> now = session.weights();
        expected.forEach(
            (name, values) -> blend(values, now.getOrDefault(name, new float[0]), kept));
      }
      Map<String, float[]> found = average.weights();
      assertThat(found.keySet()).isEqualTo(expected.keySet());
      expected.forEach(
          (name, values) -> {
            float[] own = found.getOrDefault(name, new float[0]);
            assertThat(own).as(name).hasSameSizeAs(values);
            for (int i = 0; i < values.length; i++) {
              assertThat(own[i]).as(name).isCloseTo(values[i], within(1e-5f));
            }
          });
    }
  }

  private static void blend(float[] average, float[] now, double kept) {
    for (int i = 0; i < average.length; i++) {
      average[i] = (float) (kept * average[i] + (1 - kept) * now[i]);
    }
  }

  @Test
  void setWeights_whatWeightsGave_continuesTheSame() {
    try (TrainingSession session = session();
        WeightAverage whole = session.average(0.9);
        WeightAverage restored = session.average(0.9)) {
      session.step(IMAGES, LABELS, 1);
      whole.update(1);
      restored.setWeights(whole.weights());
      session.step(IMAGES, LABELS, 1);
      whole.update(2);
      restored.update(2);
      whole
          .weights()
          .forEach((name, values) -> assertThat(restored.weights().get(name)).isEqualTo(values));
    }
  }

  @Test
  void update_manyTimes_keepsNoMemory() {
    try (TrainingSession session = session()) {
      try (WeightAverage average = session.average(0.9)) {
        average.update(1);
      }
      long before = Pointer.totalCount();
      try (WeightAverage average = session.average(0.9)) {
        for (int step = 1; step <= 50; step++) {
          average.update(step);
        }
      }
      assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
    }
  }

  @Test
  void average_decayOfOne_isRefused() {
    try (TrainingSession session = session()) {
      assertThatThrownBy(() -> session.average(1)).hasMessageContaining("[0, 1)");
    }
  }
}

package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Native memory is given back where it was taken: per run, per step, and at the end. */
class NativeMemoryTest {
  private static final int WARM_UP = 3;
  private static final int REPETITIONS = 50;

  @ParameterizedTest
  @ValueSource(strings = {"resnet", "efficientnet", "mobilenetv3", "vit"})
  void run_manyTimes_keepsNothing(String family) {
    FloatTensor input = TestTensors.noise(1, 2, 3, TestGraphs.SIDE, TestGraphs.SIDE);
    for (Precision precision : Precision.values()) {
      load(family, precision, input); // libtorch's own tables are there from now on
      long before = Pointer.totalCount();
      try (Network network = Network.load(TestGraphs.of(family), precision)) {
        repeatedly(() -> network.run(input));
      }
      assertThat(Pointer.totalCount())
          .as("after closing, %s", precision)
          .isLessThanOrEqualTo(before);
    }
  }

  private static void load(String family, Precision precision, FloatTensor input) {
    try (Network network = Network.load(TestGraphs.of(family), precision)) {
      network.run(input);
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void step_manyTimes_keepsNothing(Precision precision) {
    for (OptimizerSettings optimizer :
        List.of(
            new OptimizerSettings.Sgd(0.01, 0.9, false),
            new OptimizerSettings.AdamW(0.001),
            new OptimizerSettings.Lbfgs(1, 2))) {
      FloatTensor input = TestTensors.noise(1, 4, 3, TestGraphs.SIDE, TestGraphs.SIDE);
      int[] labels = {0, 1, 2, 3};
      TrainingOptions options = TestTraining.everything(optimizer, precision);
      try (TrainingSession session = TrainingSession.open(TestGraphs.residual(), options)) {
        session.step(input, labels, 1);
      }
      long before = Pointer.totalCount();
      try (TrainingSession session = TrainingSession.open(TestGraphs.residual(), options)) {
        repeatedly(() -> session.step(input, labels, 1));
        repeatedly(() -> session.predict(input));
        session.weights();
      }
      assertThat(Pointer.totalCount())
          .as("after closing, %s", optimizer)
          .isLessThanOrEqualTo(before);
    }
  }

  @Test
  void open_unknownWeight_keepsNothing() {
    Libtorch.load();
    long before = Pointer.totalCount();
    for (int i = 0; i < 3; i++) {
      try {
        TrainingSession.open(TestGraphs.residual(), TestTraining.of(List.of("nothing")));
      } catch (EngineException expected) {
        assertThat(expected).hasMessageContaining("nothing");
      }
    }
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
  }

  @Test
  void fit_manyTimes_keepsNothing() {
    float[] features = TestTensors.noise(1, 20, 3).values();
    int[] labels = new int[20];
    float[] weights = new float[20];
    for (int i = 0; i < 20; i++) {
      labels[i] = i % 2;
      weights[i] = 1;
    }
    fit(features, labels, weights);
    long before = Pointer.totalCount();
    for (int i = 0; i < WARM_UP; i++) {
      fit(features, labels, weights);
    }
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
  }

  private static void fit(float[] features, int[] labels, float[] weights) {
    try (FeatureMatrix matrix = new FeatureMatrix(20, 3)) {
      for (int row = 0; row < 20; row++) {
        matrix.setRow(row, java.util.Arrays.copyOfRange(features, row * 3, row * 3 + 3));
      }
      LogisticRegression.fit(
          matrix,
          labels,
          weights,
          2,
          0.1,
          Optional.empty(),
          new LogisticRegression.Effort(20, 1e-8));
    }
  }

  private static void repeatedly(Runnable work) {
    for (int i = 0; i < WARM_UP; i++) {
      work.run();
    }
    long count = Pointer.totalCount();
    long bytes = Pointer.totalBytes();
    for (int i = 0; i < REPETITIONS; i++) {
      work.run();
    }
    assertThat(Pointer.totalCount()).as("pointers").isLessThanOrEqualTo(count);
    assertThat(Pointer.totalBytes()).as("bytes").isLessThanOrEqualTo(bytes);
  }
}

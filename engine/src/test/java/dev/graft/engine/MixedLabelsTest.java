package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.onnx.OnnxModel;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps on examples that are mixed from two. */
class MixedLabelsTest {
  private static final float[] CLASS_WEIGHTS = {0.5f, 2, 1.25f};
  private static final FloatTensor BATCH = TestTensors.noise(7, 6, TestTraining.FEATURES);
  private static final int[] LABELS = {0, 1, 2, 0, 1, 0};
  private static final int[] OTHERS = {2, 1, 0, 0, 2, 2};

  private static TrainingOptions options(
      OnnxModel model, float[] classWeights, double smoothing, BatchPasses passes) {
    return new TrainingOptions(
        Precision.FP32,
        new OptimizerSettings.Sgd(1, 0, false),
        List.of(new ParameterGroup("all", TestTraining.trainable(model), 1, 0, 0)),
        new Objective.Classification(classWeights, smoothing),
        0,
        NormStatistics.FROZEN,
        passes);
  }

  // The expected value is that of the formula, in double precision.
  @ParameterizedTest
  @CsvSource({"0.3,0", "0.3,0.1", "0.5,0.1", "0.999,0", "0,0.1", "1,0.1"})
  void step_mixedLabels_givesTheSumOfBothLossesByTheirShares(double share, double smoothing) {
    OnnxModel model = TestTraining.linear();
    TrainingOptions options = options(model, CLASS_WEIGHTS, smoothing, BatchPasses.FASTEST);
    double expected =
        share * TestTraining.loss(BATCH, LABELS, CLASS_WEIGHTS, smoothing)
            + (1 - share) * TestTraining.loss(BATCH, OTHERS, CLASS_WEIGHTS, smoothing);
    try (TrainingSession session = TrainingSession.open(model, options)) {
      assertThat(session.step(BATCH, new MixedLabels(LABELS, OTHERS, share), 0))
          .isCloseTo(expected, within(1e-6));
    }
  }

  // Central differences of the formula in double precision; single-precision weights limit them.
  @Test
  void step_mixedLabels_movesByTheGradientOfTheMixedLoss() {
    OnnxModel model = TestTraining.linear();
    TrainingOptions options = options(model, CLASS_WEIGHTS, 0.1, BatchPasses.FASTEST);
    double share = 0.3;
    float[] before = TestTraining.stored(model, "w").toFloats();
    float[] after;
    try (TrainingSession session = TrainingSession.open(model, options)) {
      session.step(BATCH, new MixedLabels(LABELS, OTHERS, share), 1);
      after = TestTraining.values(session.weights(), "w");
    }
    float step = 1e-2f;
    for (int i = 0; i < before.length; i++) {
      double up = mixedLoss(model, i, step, share);
      double down = mixedLoss(model, i, -step, share);
      assertThat((double) before[i] - after[i])
          .as("weight %d", i)
          .isCloseTo((up - down) / (2 * step), within(2e-5));
    }
  }

  /** The loss with one weight moved. */
  private static double mixedLoss(OnnxModel model, int index, float by, double share) {
    float[] moved = TestTraining.stored(model, "w").toFloats();
    moved[index] += by;
    OnnxModel other = TestTraining.with(model, Map.of("w", moved));
    return share * TestTraining.loss(other, BATCH, LABELS, CLASS_WEIGHTS, 0.1)
        + (1 - share) * TestTraining.loss(other, BATCH, OTHERS, CLASS_WEIGHTS, 0.1);
  }

  @ParameterizedTest
  @EnumSource(ActivationMemory.class)
  void step_shareOfOne_isThePlainStepBitByBit(ActivationMemory activations) {
    BatchPasses passes = new BatchPasses(OptionalInt.empty(), activations);
    TrainingOptions options = options(TestGraphs.residual(), weights(), 0.1, passes);
    try (TrainingSession plain = TrainingSession.open(TestGraphs.residual(), options);
        TrainingSession mixed = TrainingSession.open(TestGraphs.residual(), options)) {
      double expected = plain.step(images(20), labels(20, 0), 1);
      assertThat(mixed.step(images(20), new MixedLabels(labels(20, 0), labels(20, 1), 1), 1))
          .isEqualTo(expected);
      Map<String, float[]> weights = plain.weights();
      mixed
          .weights()
          .forEach(
              (name, values) ->
                  assertThat(values).as(name).isEqualTo(TestTraining.values(weights, name)));
    }
  }

  // Forty examples are enough for parts of eight on two cores; parts of 3 go one after another.
  // The expected gradient is the sum of those of two plain steps.
  @ParameterizedTest
  @CsvSource({"1000000,KEPT", "3,KEPT", "1000000,RECOMPUTED"})
  void step_parts_giveLossAndGradientOfTheWholeBatch(int atOnce, ActivationMemory activations) {
    int examples = Math.max(40, 8 * Libtorch.threads());
    MixedLabels labels = new MixedLabels(labels(examples, 0), labels(examples, 4), 0.35);
    BatchPasses passes = new BatchPasses(OptionalInt.of(atOnce), activations);
    Step mixed = step(labels, passes);
    Step first = step(MixedLabels.of(labels.labels()), BatchPasses.FASTEST);
    Step second = step(MixedLabels.of(labels.others()), BatchPasses.FASTEST);
    double expected = 0.35 * first.loss() + 0.65 * second.loss();
    assertThat(mixed.loss()).isCloseTo(expected, within(1e-5 * expected));
    double error = 0;
    double norm = 0;
    for (String name : mixed.gradients().keySet()) {
      float[] found = TestTraining.values(mixed.gradients(), name);
      float[] one = TestTraining.values(first.gradients(), name);
      float[] other = TestTraining.values(second.gradients(), name);
      for (int i = 0; i < found.length; i++) {
        double gradient = 0.35 * one[i] + 0.65 * other[i];
        error += Math.pow(found[i] - gradient, 2);
        norm += gradient * gradient;
      }
    }
    assertThat(Math.sqrt(norm)).isGreaterThan(0.1);
    assertThat(Math.sqrt(error)).isLessThan(2e-5 * Math.sqrt(norm));
  }

  /** What a step of rate 1 from the first weights gave: how far each moved is its gradient. */
  private record Step(double loss, Map<String, float[]> gradients) {}

  private static Step step(MixedLabels labels, BatchPasses passes) {
    OnnxModel model = TestGraphs.residual();
    TrainingOptions options = options(model, weights(), 0.1, passes);
    try (TrainingSession session = TrainingSession.open(model, options)) {
      double loss = session.step(images(labels.labels().length), labels, 1);
      Map<String, float[]> moved = session.weights();
      moved.forEach(
          (name, values) -> {
            float[] start = TestTraining.stored(model, name).toFloats();
            for (int i = 0; i < values.length; i++) {
              values[i] = start[i] - values[i];
            }
          });
      return new Step(loss, moved);
    }
  }

  private static float[] weights() {
    float[] weights = new float[TestGraphs.CLASSES];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = 0.3f + i;
    }
    return weights;
  }

  private static FloatTensor images(int count) {
    return TestTensors.noise(3, count, 3, TestGraphs.SIDE, TestGraphs.SIDE);
  }

  private static int[] labels(int count, int shift) {
    int[] labels = new int[count];
    Arrays.setAll(labels, i -> (i * (shift + 1) + shift) % TestGraphs.CLASSES);
    return labels;
  }

  @Test
  void step_otherLabelBeyondTheClasses_isNamed() {
    OnnxModel model = TestTraining.linear();
    try (TrainingSession session =
        TrainingSession.open(model, TestTraining.of(TestTraining.trainable(model)))) {
      int[] others = {0, 1, 3, 0, 0, 0};
      assertThatThrownBy(() -> session.step(BATCH, new MixedLabels(LABELS, others, 0.5), 1))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("labels are 0 to 2, but the batch holds label 3");
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.5, Double.NaN})
  void new_shareOutsideItsRange_isRefused(double share) {
    assertThatThrownBy(() -> new MixedLabels(LABELS, OTHERS, share))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the share must be in [0, 1] but is " + share);
  }

  @Test
  void new_labelsOfDifferentNumber_areRefused() {
    assertThatThrownBy(() -> new MixedLabels(new int[3], new int[2], 0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("each example needs two labels but there are 3 and 2");
  }
}

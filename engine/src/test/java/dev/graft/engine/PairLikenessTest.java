package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairLikenessTest {
  private static final FloatTensor BATCH =
      new FloatTensor(
          new float[] {
            0.5f, -1, 2, 0.25f, 1, 0.75f, -0.5f, 1, -2, 0.5f, 1, 0, 0.1f, 0.2f, 0.3f, -0.4f
          },
          4,
          4);

  private static TrainingOptions options(double rate, BatchPasses passes) {
    return new TrainingOptions(
        Precision.FP32,
        new OptimizerSettings.Sgd(rate, 0, false),
        List.of(new ParameterGroup("all", TestTraining.trainable(TestTraining.linear()), 1, 0, 0)),
        new Objective.Likeness(),
        0,
        NormStatistics.FROZEN,
        passes);
  }

  /** The formula, in double precision. */
  private static double loss(FloatTensor features, int[] labels) {
    double near = 0;
    double far = 0;
    int nearPairs = 0;
    int farPairs = 0;
    for (int a = 0; a < labels.length; a++) {
      for (int b = a + 1; b < labels.length; b++) {
        double cosine = cosine(features, a, b);
        if (labels[a] == labels[b]) {
          near += (1 - cosine) * (1 - cosine);
          nearPairs++;
        } else {
          far += cosine * cosine;
          farPairs++;
        }
      }
    }
    double sum = (nearPairs == 0 ? 0 : near / nearPairs) + (farPairs == 0 ? 0 : far / farPairs);
    return nearPairs > 0 && farPairs > 0 ? sum / 2 : sum;
  }

  private static double cosine(FloatTensor features, int a, int b) {
    double product = 0;
    double ofA = 0;
    double ofB = 0;
    int width = features.width();
    for (int i = 0; i < width; i++) {
      double x = features.values()[a * width + i];
      double y = features.values()[b * width + i];
      product += x * y;
      ofA += x * x;
      ofB += y * y;
    }
    return product / Math.sqrt(ofA * ofB);
  }

  @ParameterizedTest
  @CsvSource({"0,0,1,1", "0,1,0,2", "0,0,0,0", "0,1,2,3", "7,7,900,7"})
  void step_labels_givesTheLossOfAllPairs(int first, int second, int third, int fourth) {
    int[] labels = {first, second, third, fourth};
    try (TrainingSession session =
        TrainingSession.open(TestTraining.linear(), options(0.1, BatchPasses.FASTEST))) {
      double expected = loss(session.predict(BATCH), labels);
      assertThat(session.step(BATCH, labels, 1)).isCloseTo(expected, within(1e-6));
    }
  }

  @Test
  void step_rateOne_movesByTheGradientOfFiniteDifferences() {
    int[] labels = {0, 1, 0, 1};
    try (TrainingSession session =
        TrainingSession.open(TestTraining.linear(), options(1, BatchPasses.FASTEST))) {
      Map<String, float[]> before = session.weights();
      session.step(BATCH, labels, 1);
      Map<String, float[]> after = session.weights();
      for (Map.Entry<String, float[]> weight : before.entrySet()) {
        for (int i = 0; i < weight.getValue().length; i++) {
          float step = 1e-3f;
          double up = at(session, before, weight.getKey(), i, step, labels);
          double down = at(session, before, weight.getKey(), i, -step, labels);
          double gradient = weight.getValue()[i] - TestTraining.values(after, weight.getKey())[i];
          assertThat(gradient)
              .as(weight.getKey() + "[" + i + "]")
              .isCloseTo((up - down) / (2 * step), within(1e-3));
        }
      }
    }
  }

  private static double at(
      TrainingSession session,
      Map<String, float[]> weights,
      String name,
      int index,
      float change,
      int[] labels) {
    float[] moved = TestTraining.values(weights, name).clone();
    moved[index] += change;
    Map<String, float[]> other = new LinkedHashMap<>(weights);
    other.put(name, moved);
    session.setWeights(other);
    return loss(session.predict(BATCH), labels);
  }

  @Test
  void step_manyTimes_bringsClassesTogether() {
    int[] labels = {0, 1, 0, 1};
    try (TrainingSession session =
        TrainingSession.open(TestTraining.linear(), options(0.5, BatchPasses.FASTEST))) {
      for (int i = 0; i < 200; i++) {
        session.step(BATCH, labels, 1);
      }
      FloatTensor features = session.predict(BATCH);
      assertThat(cosine(features, 0, 2)).isGreaterThan(0.95);
      assertThat(cosine(features, 0, 1)).isBetween(-0.2, 0.2);
    }
  }

  @Test
  void step_passesOfOneExample_staysWhole() {
    int[] labels = {0, 1, 0, 1};
    BatchPasses ones = new BatchPasses(OptionalInt.of(1), ActivationMemory.KEPT);
    try (TrainingSession whole =
            TrainingSession.open(TestTraining.linear(), options(1, BatchPasses.FASTEST));
        TrainingSession parts = TrainingSession.open(TestTraining.linear(), options(1, ones))) {
      assertThat(parts.step(BATCH, labels, 1)).isEqualTo(whole.step(BATCH, labels, 1));
    }
  }

  @Test
  void step_featuresOfLengthZero_leavesFiniteWeights() {
    FloatTensor zeros = new FloatTensor(new float[16], 4, 4);
    try (TrainingSession session =
        TrainingSession.open(TestTraining.linear(), options(1, BatchPasses.FASTEST))) {
      Map<String, float[]> unbiased = new LinkedHashMap<>(session.weights());
      unbiased.put("b", new float[TestTraining.CLASSES]);
      session.setWeights(unbiased);
      session.step(zeros, new int[] {0, 1, 0, 1}, 1);
      session
          .weights()
          .values()
          .forEach(
              values -> {
                for (float value : values) {
                  assertThat(value).isFinite();
                }
              });
    }
  }

  @Test
  void step_mixedExamples_isRefused() {
    MixedLabels mixed = new MixedLabels(new int[] {0, 1, 0, 1}, new int[] {1, 0, 1, 0}, 0.5);
    try (TrainingSession session =
        TrainingSession.open(TestTraining.linear(), options(1, BatchPasses.FASTEST))) {
      assertThatThrownBy(() -> session.step(BATCH, mixed, 1))
          .isInstanceOf(EngineException.class)
          .hasMessage(
              "Training on the likeness of pairs: examples of one class each are expected, but these"
                  + " are mixed of two.");
    }
  }
}

package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.onnx.OnnxModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** One step does what its formula says. */
class TrainingStepTest {
  private static final FloatTensor BATCH = TestTensors.noise(9, 6, TestTraining.FEATURES);
  private static final int[] LABELS = {0, 1, 2, 2, 1, 2};
  private static final List<String> WEIGHTS = List.of("w", "b");

  // Loss

  @ParameterizedTest
  @CsvSource({"1,1,1,0", "1,1,1,0.1", "0.5,2,1,0", "0.5,2,1,0.3"})
  void step_weightsAndSmoothing_givesTheLossOfTheFormula(
      float first, float second, float third, double smoothing) {
    float[] classWeights = {first, second, third};
    TrainingOptions options =
        new TrainingOptions(
            Precision.FP32,
            new OptimizerSettings.Sgd(0.1, 0, false),
            List.of(new ParameterGroup("all", WEIGHTS, 1, 0, 0)),
            new Objective.Classification(classWeights, smoothing),
            0,
            NormStatistics.FROZEN);
    try (TrainingSession session = TrainingSession.open(TestTraining.linear(), options)) {
      assertThat(session.step(BATCH, LABELS, 1))
          .isCloseTo(TestTraining.loss(BATCH, LABELS, classWeights, smoothing), within(1e-6));
    }
  }

  // Gradient

  @Test
  void step_plainDescent_movesByTheGradientOfTheLoss() {
    // Finite differences of the loss in double precision, for the bias of class 1.
    Map<String, float[]> moved = after(group(1, 0, 0), 0, start(0), 1);
    float[] before = TestTraining.values(start(0), "b");
    double step = 1e-3;
    double up = lossWithBias(step);
    double down = lossWithBias(-step);
    assertThat(before[1] - TestTraining.values(moved, "b")[1])
        .isCloseTo((float) ((up - down) / (2 * step)), within(1e-4f));
  }

  private static double lossWithBias(double shift) {
    OnnxModel model = TestTraining.linear();
    float[] bias = TestTraining.stored(model, "b").toFloats();
    bias[1] += (float) shift;
    TrainingOptions options = TestTraining.of(WEIGHTS);
    try (TrainingSession session =
        TrainingSession.open(TestTraining.with(model, Map.of("b", bias)), options)) {
      return session.step(BATCH, LABELS, 0);
    }
  }

  @Test
  void step_shortLimit_cutsTheGradientOfAllWeightsToItsNorm() {
    double whole = distance(start(0), after(group(1, 0, 0), 0, start(0), 1));
    double limit = whole / 3;
    double cut = distance(start(0), after(group(1, 0, 0), limit, start(0), 1));
    assertThat(cut).isCloseTo(limit, within(1e-5));
    double uncut = distance(start(0), after(group(1, 0, 0), whole * 3, start(0), 1));
    assertThat(uncut).isCloseTo(whole, within(1e-6));
  }

  @Test
  void step_startingPointDecay_pullsByDecayTimesTheWayFromTheStart() {
    double decay = 0.25;
    float away = 0.5f;
    Map<String, float[]> plain = after(group(1, 0, 0), 0, start(away), 1);
    Map<String, float[]> pulled = after(group(1, 0, decay), 0, start(away), 1);
    plain.forEach(
        (name, values) -> {
          for (int i = 0; i < values.length; i++) {
            double pull = values[i] - TestTraining.values(pulled, name)[i];
            assertThat(pull).as(name).isCloseTo(decay * away, within(1e-5));
          }
        });
  }

  @Test
  void step_weightDecay_pullsByDecayTimesTheWeight() {
    double decay = 0.25;
    Map<String, float[]> plain = after(group(1, 0, 0), 0, start(0), 1);
    Map<String, float[]> pulled = after(group(1, decay, 0), 0, start(0), 1);
    start(0)
        .forEach(
            (name, values) -> {
              for (int i = 0; i < values.length; i++) {
                double pull =
                    TestTraining.values(plain, name)[i] - TestTraining.values(pulled, name)[i];
                assertThat(pull).as(name).isCloseTo(decay * values[i], within(1e-5));
              }
            });
  }

  @ParameterizedTest
  @CsvSource({"0.5,1,0.5", "1,0.25,0.25", "0.5,0.5,0.25", "1,0,0"})
  void step_scaleAndFactor_multiplyTheRate(double scale, double factor, double expected) {
    double whole = distance(start(0), after(group(1, 0, 0), 0, start(0), 1));
    double scaled = distance(start(0), after(group(scale, 0, 0), 0, start(0), factor));
    assertThat(scaled).isCloseTo(whole * expected, within(1e-6));
  }

  private static ParameterGroup group(double scale, double weightDecay, double startDecay) {
    return new ParameterGroup("all", WEIGHTS, scale, weightDecay, startDecay);
  }

  /** The weights in the file, all moved by the same amount. */
  private static Map<String, float[]> start(float away) {
    Map<String, float[]> weights = new LinkedHashMap<>();
    for (String name : WEIGHTS) {
      float[] values = TestTraining.stored(TestTraining.linear(), name).toFloats();
      for (int i = 0; i < values.length; i++) {
        values[i] += away;
      }
      weights.put(name, values);
    }
    return weights;
  }

  private static Map<String, float[]> after(
      ParameterGroup group, double gradientNorm, Map<String, float[]> from, double factor) {
    TrainingOptions options = TestTraining.descent(group, gradientNorm);
    try (TrainingSession session = TrainingSession.open(TestTraining.linear(), options)) {
      session.setWeights(from);
      session.step(BATCH, LABELS, factor);
      return session.weights();
    }
  }

  private static double distance(Map<String, float[]> left, Map<String, float[]> right) {
    double square = 0;
    for (Map.Entry<String, float[]> entry : left.entrySet()) {
      for (int i = 0; i < entry.getValue().length; i++) {
        double difference = entry.getValue()[i] - TestTraining.values(right, entry.getKey())[i];
        square += difference * difference;
      }
    }
    return Math.sqrt(square);
  }

  // Freezing

  @ParameterizedTest
  @EnumSource(Precision.class)
  void step_someWeights_leavesAllOthersAsInTheFile(Precision precision) throws Exception {
    OnnxModel model = TestGraphs.residual();
    List<String> trained = List.of("layer2.1.conv2.weight", "layer2.1.bn2.weight", "fc.bias");
    FloatTensor images = images();
    TrainingOptions options = TestTraining.of(trained, new OptimizerSettings.Adam(0.01), precision);
    try (TrainingSession session = TrainingSession.open(model, options)) {
      for (int i = 0; i < 3; i++) {
        session.step(images, new int[] {1, 2, 3, 4}, 1);
      }
      Map<String, float[]> weights = session.weights();
      assertThat(weights).containsOnlyKeys(trained);
      weights.forEach(
          (name, values) ->
              assertThat(values)
                  .as(name)
                  .isNotEqualTo(TestTraining.stored(model, name).toFloats()));
      // The file with just these weights replaced computes what the session does.
      FloatTensor expected = OnnxRuntime.run(TestTraining.with(model, weights), images);
      double tolerance = precision == Precision.FP32 ? 1e-4 : 5e-2;
      assertThat(TestTensors.relativeError(session.predict(images), expected))
          .isLessThan(tolerance);
    }
  }

  @Test
  void step_weightThatTheLossDoesNotReach_isNamed() {
    // The rectifier's output is zero everywhere: nothing flows to what is before it.
    OnnxModel model = TestGraphs.residual();
    float[] low = new float[16];
    java.util.Arrays.fill(low, -100);
    OnnxModel dead = TestTraining.with(model, Map.of("bn1.bias", low));
    TrainingOptions options =
        new TrainingOptions(
            Precision.FP32,
            new OptimizerSettings.Sgd(0.1, 0, false),
            List.of(
                new ParameterGroup("stem", List.of("conv1.weight"), 1, 0, 0),
                new ParameterGroup("head", List.of("fc.weight"), 1, 0, 0)),
            Objective.CLASSIFICATION,
            0,
            NormStatistics.FROZEN);
    try (TrainingSession session = TrainingSession.open(dead, options)) {
      session.step(images(), new int[] {1, 2, 3, 4}, 1);
      assertThat(session.groupsWithoutGradient()).containsExactly("stem");
    }
  }

  // Batch statistics

  @ParameterizedTest
  @EnumSource(Precision.class)
  void step_batchStatistics_updatesTheStoredOnes(Precision precision) throws Exception {
    OnnxModel model = TestGraphs.residual();
    TrainingOptions options = batchStatistics(precision);
    FloatTensor images = images();
    try (TrainingSession session = TrainingSession.open(model, options)) {
      assertThat(session.weights()).containsKeys("bn1.running_mean", "layer2.0.bn1.running_var");
      session.step(images, new int[] {1, 2, 3, 4}, 1);
      // What goes into the first norm, by ONNX Runtime: the graph cut behind the convolution.
      OnnxModel cut =
          model
              .edit()
              .setOutputs(
                  List.of(
                      dev.graft.onnx.ValueInfo.ofUnknownShape(
                          "conv1", dev.graft.onnx.ElementType.FLOAT)))
              .build();
      FloatTensor before = OnnxRuntime.run(cut, images);
      Map<String, float[]> weights = session.weights();
      Offset<Float> tolerance = within(precision == Precision.FP32 ? 1e-4f : 2e-2f);
      for (int channel = 0; channel < 16; channel++) {
        double[] moments = moments(before, channel);
        float mean = initial(model, "bn1.running_mean", channel);
        float variance = initial(model, "bn1.running_var", channel);
        assertThat(TestTraining.values(weights, "bn1.running_mean")[channel])
            .isCloseTo((float) (0.9 * mean + 0.1 * moments[0]), tolerance);
        assertThat(TestTraining.values(weights, "bn1.running_var")[channel])
            .isCloseTo((float) (0.9 * variance + 0.1 * moments[1]), tolerance);
      }
    }
  }

  @Test
  void predict_batchStatistics_usesTheStoredOnesAndKeepsThem() {
    try (TrainingSession session =
        TrainingSession.open(TestGraphs.residual(), batchStatistics(Precision.FP32))) {
      float[] before = session.weights().get("bn1.running_mean");
      session.predict(images());
      assertThat(session.weights().get("bn1.running_mean")).isEqualTo(before);
    }
  }

  private static TrainingOptions batchStatistics(Precision precision) {
    return new TrainingOptions(
        precision,
        new OptimizerSettings.Sgd(0.1, 0.9, false),
        List.of(new ParameterGroup("all", TestTraining.trainable(TestGraphs.residual()), 1, 0, 0)),
        Objective.CLASSIFICATION,
        0,
        NormStatistics.BATCH);
  }

  private static float initial(OnnxModel model, String name, int channel) {
    return TestTraining.stored(model, name).toFloats()[channel];
  }

  /** Mean and unbiased variance of a channel over examples and places. */
  private static double[] moments(FloatTensor maps, int channel) {
    int places = (int) (maps.shape()[2] * maps.shape()[3]);
    int channels = (int) maps.shape()[1];
    double sum = 0;
    double squares = 0;
    int count = maps.rows() * places;
    for (int row = 0; row < maps.rows(); row++) {
      for (int place = 0; place < places; place++) {
        double value = maps.values()[(row * channels + channel) * places + place];
        sum += value;
        squares += value * value;
      }
    }
    double mean = sum / count;
    return new double[] {mean, (squares - count * mean * mean) / (count - 1)};
  }

  private static FloatTensor images() {
    return TestTensors.noise(2, 4, 3, TestGraphs.SIDE, TestGraphs.SIDE);
  }

  // Bad input

  @Test
  void step_labelBeyondTheClasses_saysWhichLabelsThereAre() {
    try (TrainingSession session =
        TrainingSession.open(TestTraining.linear(), TestTraining.of(WEIGHTS))) {
      assertThatThrownBy(() -> session.step(BATCH, new int[] {0, 1, 2, 3, 0, 0}, 1))
          .isInstanceOf(EngineException.class)
          .hasMessage(
              "Training: the graph gives logits for 3 classes, so labels are 0 to 2, but the batch"
                  + " holds label 3.");
    }
  }

  @Test
  void step_fewerLabelsThanExamples_givesBothCounts() {
    try (TrainingSession session =
        TrainingSession.open(TestTraining.linear(), TestTraining.of(WEIGHTS))) {
      assertThatThrownBy(() -> session.step(BATCH, new int[] {0, 1}, 1))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("[2, classes] are expected for 2 labels")
          .hasMessageContaining("[6, 3]");
    }
  }

  @Test
  void step_wrongNumberOfClassWeights_givesBothCounts() {
    TrainingOptions options =
        new TrainingOptions(
            Precision.FP32,
            new OptimizerSettings.Sgd(0.1, 0, false),
            List.of(new ParameterGroup("all", WEIGHTS, 1, 0, 0)),
            new Objective.Classification(new float[] {1, 2}, 0),
            0,
            NormStatistics.FROZEN);
    try (TrainingSession session = TrainingSession.open(TestTraining.linear(), options)) {
      assertThatThrownBy(() -> session.step(BATCH, LABELS, 1))
          .isInstanceOf(EngineException.class)
          .hasMessage("Training: 2 class weights are given for 3 classes.");
    }
  }

  @Test
  void open_weightThatIsNone_namesIt() {
    assertThatThrownBy(
            () ->
                TrainingSession.open(
                    TestTraining.linear(), TestTraining.of(List.of("w", "missing"))))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("\"missing\" is to be trained but is no initialiser of the model");
  }

  @Test
  void setWeights_incomplete_namesTheMissing() {
    try (TrainingSession session =
        TrainingSession.open(TestTraining.linear(), TestTraining.of(WEIGHTS))) {
      assertThatThrownBy(() -> session.setWeights(Map.of("w", new float[12])))
          .isInstanceOf(EngineException.class)
          .hasMessage("Restoring weights: \"b\" needs 3 values but none are given.");
      assertThatThrownBy(() -> session.setWeights(Map.of("w", new float[5], "b", new float[3])))
          .hasMessage("Restoring weights: \"w\" needs 12 values but 5 are given.");
    }
  }

  @Test
  void options_outOfRange_nameFieldAndValue() {
    assertThatThrownBy(() -> TestTraining.descent(group(1, 0, 0), -1))
        .hasMessage("gradient norm must not be below 0 but is -1.0");
    assertThatThrownBy(() -> group(0, 0, 0)).hasMessageContaining("group all");
    assertThatThrownBy(() -> TestTraining.of(List.of()))
        .hasMessage("no weight to train: the parameter groups are empty");
    assertThatThrownBy(() -> TestTraining.of(List.of("w", "w")))
        .hasMessage("weight w is in two parameter groups");
    assertThatThrownBy(() -> new OptimizerSettings.Sgd(0, 0, false))
        .hasMessage("learning rate must be above 0 but is 0.0");
  }
}

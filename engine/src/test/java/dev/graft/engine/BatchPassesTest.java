package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.onnx.OnnxModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** However a batch passes through the network, its gradients are those of the whole batch. */
class BatchPassesTest {
  private static final int EXAMPLES = 10;
  private static final List<String> FAMILIES =
      List.of("resnet", "efficientnet", "mobilenetv3", "vit", "convnext");

  private static OnnxModel model(String family) {
    return family.equals("convnext") ? FamilyGraphs.convNext() : TestGraphs.of(family);
  }

  private static BatchPasses of(int examples) {
    return new BatchPasses(OptionalInt.of(examples), ActivationMemory.KEPT);
  }

  private static BatchPasses recomputed(OptionalInt examples) {
    return new BatchPasses(examples, ActivationMemory.RECOMPUTED);
  }

  // Passes of few examples

  static Stream<Arguments> familiesAndCounts() {
    return FAMILIES.stream()
        .flatMap(family -> Stream.of(1, 3, 8).map(count -> Arguments.of(family, count)));
  }

  @ParameterizedTest
  @MethodSource("familiesAndCounts")
  void step_fewExamplesAtOnce_addsUpToTheGradientOfTheBatch(String family, int examples) {
    Map<String, float[]> whole = gradients(family, of(EXAMPLES), NormStatistics.FROZEN);
    Map<String, float[]> parts = gradients(family, of(examples), NormStatistics.FROZEN);
    double norm = norm(whole);
    assertThat(norm).isGreaterThan(0.1);
    assertThat(distance(whole, parts)).isLessThan(1e-5 * norm);
  }

  @ParameterizedTest
  @CsvSource({"1,10", "3,4", "4,3", "10,1", "11,1"})
  void run_bound_passesNoMoreExamplesAtOnce(int bound, int passes) {
    List<Long> counts = counts(options(of(bound), NormStatistics.FROZEN), EXAMPLES);
    int cores = Libtorch.threads();
    if (bound / 4 < cores || cores == 1) {
      assertThat(counts).hasSize(passes);
    }
    assertThat(counts).allMatch(count -> count <= bound);
    assertThat(counts.stream().mapToLong(Long::longValue).sum()).isEqualTo(EXAMPLES);
  }

  @Test
  void run_manyExamples_givesEachCorePartsOfEight() {
    int cores = Libtorch.threads();
    List<Long> counts = counts(options(BatchPasses.FASTEST, NormStatistics.FROZEN), 16 * cores);
    assertThat(counts).hasSize(cores == 1 ? 1 : 2 * cores);
    assertThat(counts.stream().mapToLong(Long::longValue).sum()).isEqualTo(16L * cores);
  }

  @Test
  void run_batchStatisticsOrLbfgs_keepsTheBatchWhole() {
    assertThat(counts(options(of(2), NormStatistics.BATCH), EXAMPLES)).containsExactly(10L);
    TrainingOptions lbfgs =
        TestTraining.of(List.of("w"), new OptimizerSettings.Lbfgs(1, 2), Precision.FP32)
            .withPasses(of(2));
    assertThat(counts(lbfgs, EXAMPLES)).containsExactly(10L);
  }

  /** How many examples each pass is given. */
  private static List<Long> counts(TrainingOptions options, int examples) {
    List<Long> counts = new ArrayList<>();
    TrainingPass pass =
        (part, weights, seed, loss) -> {
          synchronized (counts) {
            counts.add(part.size(0));
          }
          return 0;
        };
    try (PointerScope scope = new PointerScope();
        BatchGradients gradients = new BatchGradients(options, pass)) {
      Tensor batch = torch.zeros(examples, 2);
      gradients.run(batch, MixedLabels.of(new int[examples]), 0, new PreparedWeights(Map.of()));
    }
    return counts;
  }

  @Test
  void step_manyExamples_givesTheSameGradientsAgain() {
    BatchPasses passes = BatchPasses.FASTEST;
    FloatTensor images = images(40);
    Map<String, float[]> first = gradients(model("resnet"), passes, NormStatistics.FROZEN, images);
    Map<String, float[]> again = gradients(model("resnet"), passes, NormStatistics.FROZEN, images);
    assertThat(distance(first, again)).isZero();
  }

  // Activations that are computed again

  @ParameterizedTest
  @ValueSource(strings = {"resnet", "efficientnet", "mobilenetv3", "vit", "convnext"})
  void step_recomputed_givesTheGradientsOfKeptActivations(String family) {
    for (OptionalInt examples : List.of(OptionalInt.of(EXAMPLES), OptionalInt.of(4))) {
      BatchPasses kept = new BatchPasses(examples, ActivationMemory.KEPT);
      Map<String, float[]> expected = gradients(family, kept, NormStatistics.FROZEN);
      Map<String, float[]> actual = gradients(family, recomputed(examples), NormStatistics.FROZEN);
      assertThat(distance(expected, actual)).isLessThanOrEqualTo(1e-6 * norm(expected));
    }
  }

  @Test
  void step_recomputedOnEveryCore_givesTheGradientsOfKeptActivations() {
    FloatTensor images = images(8 * Libtorch.threads());
    OnnxModel model = model("efficientnet");
    Map<String, float[]> kept =
        gradients(model, BatchPasses.FASTEST, NormStatistics.FROZEN, images);
    Map<String, float[]> again =
        gradients(model, recomputed(OptionalInt.empty()), NormStatistics.FROZEN, images);
    assertThat(distance(kept, again)).isLessThanOrEqualTo(1e-6 * norm(kept));
  }

  @Test
  void step_recomputedBatchStatistics_updatesTheStoredOnesOnce() {
    Map<String, float[]> kept = gradients("resnet", BatchPasses.FASTEST, NormStatistics.BATCH);
    Map<String, float[]> again =
        gradients("resnet", recomputed(OptionalInt.empty()), NormStatistics.BATCH);
    assertThat(kept).containsKey("layer1.0.bn1.running_mean");
    assertThat(distance(kept, again)).isLessThanOrEqualTo(1e-6 * norm(kept));
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void step_recomputedPartOfTheWeights_givesTheirGradients(Precision precision) {
    List<String> last = List.of("layer2.1.conv2.weight", "layer2.1.bn2.weight", "fc.bias");
    TrainingOptions options =
        TestTraining.of(last, new OptimizerSettings.Sgd(1, 0, false), precision);
    Map<String, float[]> kept = after(model("resnet"), options, images(EXAMPLES));
    Map<String, float[]> again =
        after(
            model("resnet"), options.withPasses(recomputed(OptionalInt.empty())), images(EXAMPLES));
    assertThat(again).containsOnlyKeys(last);
    assertThat(distance(kept, again)).isLessThanOrEqualTo(1e-6 * norm(kept));
  }

  @ParameterizedTest
  @EnumSource(ActivationMemory.class)
  void step_dropoutThatTheGraphStates_dropsAgainAsBeforeAndOtherwiseNextTime(
      ActivationMemory activations) {
    TrainingOptions options = options(withDropout(), BatchPasses.FASTEST, NormStatistics.FROZEN);
    TrainingOptions tried = options.withPasses(new BatchPasses(OptionalInt.empty(), activations));
    FloatTensor images = images(4);
    try (TrainingSession expected = TrainingSession.open(withDropout(), options);
        TrainingSession actual = TrainingSession.open(withDropout(), tried)) {
      double first = actual.step(images, labels(4), 0);
      double second = actual.step(images, labels(4), 0);
      assertThat(first).as("other elements in the next step").isNotEqualTo(second);
      assertThat(expected.step(images, labels(4), 0)).isEqualTo(first);
      expected.step(images, labels(4), 0);
      expected.step(images, labels(4), 1);
      actual.step(images, labels(4), 1);
      assertThat(distance(expected.weights(), actual.weights()))
          .isLessThanOrEqualTo(1e-6 * norm(expected.weights()));
    }
  }

  @Test
  void continueFrom_aLaterStep_dropsTheElementsOfThatStep() {
    TrainingOptions options = options(withDropout(), BatchPasses.FASTEST, NormStatistics.FROZEN);
    FloatTensor images = images(4);
    try (TrainingSession whole = TrainingSession.open(withDropout(), options);
        TrainingSession resumed = TrainingSession.open(withDropout(), options)) {
      double first = whole.step(images, labels(4), 0);
      double second = whole.step(images, labels(4), 0);
      resumed.continueFrom(1);
      assertThat(resumed.step(images, labels(4), 0)).isEqualTo(second).isNotEqualTo(first);
    }
  }

  /** The residual blocks with dropout in training mode between them. */
  private static OnnxModel withDropout() {
    GraphLayers net = GraphLayers.ofImages("dropout", 5, TestGraphs.SIDE);
    String x = net.relu(net.convolution("conv1", "image", 3, 16, 3, 4, 1));
    for (int block = 0; block < 4; block++) {
      x = net.basicBlock("layer" + block, x, 16, 16, 1);
      String ratio = net.scalar("ratio" + block, 0.3f);
      x = net.node("Dropout", x, ratio, net.truth("training" + block, true));
    }
    return net.classifier(TestGraphs.CLASSES, net.flat(net.globalAverage(x)), 16);
  }

  // Where a program is cut

  @Test
  void plan_deepNetwork_keepsAFractionOfTheActivations() {
    OnnxModel model = withDropout();
    List<String> trainable = TestTraining.trainable(model);
    ProgramBuilder.Training programs =
        ProgramBuilder.buildTraining(model, Precision.FP32, Set.copyOf(trainable));
    try (Program weights = programs.weights();
        Program program = programs.examples()) {
      long[] bytes = new long[program.steps().size()];
      Arrays.fill(bytes, 100);
      List<Segment> segments = new Segmentation(program, programs.handedOn()).plan(bytes);
      assertThat(segments).hasSizeGreaterThan(2);
      int largest = segments.stream().mapToInt(s -> s.to() - s.from()).max().orElseThrow();
      assertThat(largest + segments.size()).isLessThan(program.steps().size() / 2);
      assertThat(segments.get(0).entry()).isEqualTo(-1);
      assertThat(segments.get(segments.size() - 1).exit()).isEqualTo(-1);
      for (int i = 1; i < segments.size(); i++) {
        assertThat(segments.get(i).from()).isEqualTo(segments.get(i - 1).to());
        assertThat(segments.get(i).entry()).isEqualTo(segments.get(i - 1).exit());
      }
    }
  }

  @Test
  void plan_frozenBeginning_isNotComputedAgain() {
    OnnxModel model = model("resnet");
    List<String> trainable = List.of("layer2.1.conv2.weight", "fc.weight");
    ProgramBuilder.Training programs =
        ProgramBuilder.buildTraining(model, Precision.FP32, Set.copyOf(trainable));
    try (Program weights = programs.weights();
        Program program = programs.examples()) {
      long[] bytes = new long[program.steps().size()];
      Arrays.fill(bytes, 100);
      List<Segment> segments = new Segmentation(program, programs.handedOn()).plan(bytes);
      Segment frozen = segments.get(0);
      assertThat(frozen.exit()).isEqualTo(-1);
      assertThat(segments.get(1).entry()).isEqualTo(-1);
      assertThat(program.steps().get(frozen.to()).node().name()).isEqualTo("layer2.1.conv2");
    }
  }

  @Test
  void buildTraining_whatFollowsFromWeightsAlone_isComputedOnceForAllPasses() {
    GraphLayers net = GraphLayers.ofImages("weights", 6, 8);
    String first = net.node("Transpose", net.weights("first", 0.3, 3, 3));
    String x = net.node("MatMul", net.flat(net.globalAverage("image")), first);
    OnnxModel model = net.classifier(2, net.relu(x), 3);
    Set<String> trainable = Set.copyOf(TestTraining.trainable(model));
    ProgramBuilder.Training programs =
        ProgramBuilder.buildTraining(model, Precision.FP32, trainable);
    try (Program weights = programs.weights();
        Program examples = programs.examples()) {
      assertThat(operators(weights)).containsExactly("Transpose");
      assertThat(operators(examples))
          .containsExactly("GlobalAveragePool", "Flatten", "MatMul", "Relu", "Gemm");
      assertThat(programs.handedOn()).contains(first).doesNotContain("first");
    }
  }

  private static List<String> operators(Program program) {
    return program.steps().stream().map(step -> step.node().operator()).toList();
  }

  // Settings

  @ParameterizedTest
  @ValueSource(ints = {0, -4})
  void passes_noExamples_saysTheRange(int examples) {
    assertThatThrownBy(() -> of(examples))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("examples of a pass must be at least 1 but are " + examples);
  }

  // What the tests share

  private static TrainingOptions options(BatchPasses passes, NormStatistics statistics) {
    return options(model("resnet"), passes, statistics);
  }

  private static TrainingOptions options(
      OnnxModel model, BatchPasses passes, NormStatistics statistics) {
    return new TrainingOptions(
        Precision.FP32,
        new OptimizerSettings.Sgd(1, 0, false),
        List.of(new ParameterGroup("all", TestTraining.trainable(model), 1, 0, 0)),
        new Objective.Classification(classWeights(model), 0.1),
        0,
        statistics,
        passes);
  }

  /** Examples of different weight, so that a mean of means would be noticed. */
  private static float[] classWeights(OnnxModel model) {
    int classes = (int) model.graph().outputs().get(0).size(1);
    float[] weights = new float[classes];
    for (int i = 0; i < classes; i++) {
      weights[i] = 0.3f + i;
    }
    return weights;
  }

  private static Map<String, float[]> gradients(
      String family, BatchPasses passes, NormStatistics statistics) {
    return gradients(model(family), passes, statistics, images(EXAMPLES));
  }

  /** How far each weight moves in a step of rate 1: its gradient. */
  private static Map<String, float[]> gradients(
      OnnxModel model, BatchPasses passes, NormStatistics statistics, FloatTensor images) {
    Map<String, float[]> moved = after(model, options(model, passes, statistics), images);
    moved.forEach(
        (name, values) -> {
          float[] before = TestTraining.stored(model, name).toFloats();
          for (int i = 0; i < values.length; i++) {
            values[i] = before[i] - values[i];
          }
        });
    return moved;
  }

  private static Map<String, float[]> after(
      OnnxModel model, TrainingOptions options, FloatTensor images) {
    try (TrainingSession session = TrainingSession.open(model, options)) {
      session.step(images, labels(images.rows()), 1);
      return session.weights();
    }
  }

  private static FloatTensor images(int count) {
    return TestTensors.noise(3, count, 3, TestGraphs.SIDE, TestGraphs.SIDE);
  }

  private static int[] labels(int count) {
    int[] labels = new int[count];
    Arrays.setAll(labels, i -> i % 3);
    return labels;
  }

  private static double norm(Map<String, float[]> values) {
    return Math.sqrt(
        values.values().stream()
            .mapToDouble(
                array -> {
                  double sum = 0;
                  for (float value : array) {
                    sum += (double) value * value;
                  }
                  return sum;
                })
            .sum());
  }

  private static double distance(Map<String, float[]> left, Map<String, float[]> right) {
    assertThat(left.keySet()).isEqualTo(right.keySet());
    double square = 0;
    for (Map.Entry<String, float[]> entry : left.entrySet()) {
      float[] other = TestTraining.values(right, entry.getKey());
      for (int i = 0; i < other.length; i++) {
        double difference = entry.getValue()[i] - other[i];
        square += difference * difference;
      }
    }
    return Math.sqrt(square);
  }
}

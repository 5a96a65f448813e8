package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.onnx.OnnxModel;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A norm that goes into the convolution before it leaves function and gradients as they are. */
class NormMergingTest {
  private static final int SIDE = 12;
  private static final FloatTensor IMAGES = TestTensors.noise(9, 6, 3, SIDE, SIDE);

  @ParameterizedTest
  @CsvSource({"FP32,1e-5", "BF16,0.03"})
  void merge_allLayersTrain_givesTheGradientsOfTheUnmergedNetwork(
      Precision precision, double tolerance) {
    OnnxModel model = residual();
    List<String> weights = TestTraining.trainable(model);
    Map<String, Tensor> expected = new LinkedHashMap<>();
    Map<String, Tensor> actual = new LinkedHashMap<>();
    try (PointerScope scope = new PointerScope();
        AutoGradMode training = new AutoGradMode(true);
        Program unmerged = ProgramBuilder.build(model, Precision.FP32, Set.copyOf(weights));
        TrainingProgram merged =
            new TrainingProgram(model, Set.copyOf(weights), options(weights, precision))) {
      Tensor images = NativeTensors.of(IMAGES);
      Tensor loss = squares(unmerged.run(given(images, masters(model, expected)), MODE, NONE));
      Backward.from(loss);
      PreparedWeights prepared = merged.prepare(masters(model, actual));
      Map<String, Tensor> variables = prepared.variables();
      double ofMerged = merged.run(images, variables, 0, logits -> squares(List.of(logits)));
      prepared.backward(List.of(variables));

      assertThat(merged.program().steps())
          .noneMatch(step -> step.node().operator().equals("BatchNormalization"));
      assertThat(ofMerged / loss.item().toDouble()).isBetween(1 - tolerance, 1 + tolerance);
      for (String name : weights) {
        assertThat(relativeDistance(expected, actual, name)).as(name).isLessThan(tolerance);
      }
    }
  }

  private static final Program.Mode MODE = Program.Mode.TRAINING_FROZEN_STATISTICS;
  private static final Program.Observer NONE = Program.Observer.NONE;

  private static Map<String, Tensor> masters(OnnxModel model, Map<String, Tensor> masters) {
    for (String name : TestTraining.trainable(model)) {
      var stored = TestTraining.stored(model, name);
      Tensor master = NativeTensors.of(stored.toFloats(), stored.shape());
      masters.put(name, master.set_requires_grad(true));
    }
    return masters;
  }

  private static Map<String, Tensor> given(Tensor images, Map<String, Tensor> weights) {
    Map<String, Tensor> given = new LinkedHashMap<>(weights);
    given.put("image", images);
    return given;
  }

  private static Tensor squares(List<Tensor> logits) {
    Tensor values = logits.get(0).to(org.bytedeco.pytorch.global.torch.ScalarType.Float);
    return values.mul(values).sum();
  }

  private static double relativeDistance(
      Map<String, Tensor> expected, Map<String, Tensor> actual, String name) {
    Tensor wanted = java.util.Objects.requireNonNull(expected.get(name)).grad();
    Tensor found = java.util.Objects.requireNonNull(actual.get(name)).grad();
    return found.sub(wanted).norm().item().toDouble() / wanted.norm().item().toDouble();
  }

  // What is left alone

  @Test
  void merge_convolutionWithAnotherReader_isLeftAlone() {
    GraphLayers net = GraphLayers.ofImages("readers", 3, SIDE);
    String convolved = net.same("conv", "image", 3, 4, 3, 1, 1);
    String sum = net.node("Add", net.batchNorm("norm", convolved, 4), convolved);
    assertThat(operators(ended(net, sum, 4), Set.of())).contains("BatchNormalization");
  }

  @Test
  void merge_weightOfTwoConvolutions_isLeftAlone() {
    GraphLayers net = GraphLayers.ofImages("shared", 4, SIDE);
    String filters = net.weights("filters", 0.3, 3, 3, 1, 1);
    String first = net.batchNorm("norm1", net.node("Conv", "image", filters), 3);
    String second = net.batchNorm("norm2", net.node("Conv", first, filters), 3);
    assertThat(operators(ended(net, second, 3), Set.of()))
        .filteredOn("BatchNormalization"::equals)
        .hasSize(2);
  }

  @Test
  void merge_frozenFilters_keepTheNormWhoseGradientIsCheaper() {
    OnnxModel model = residual();
    Set<String> norms = new HashSet<>(TestTraining.trainable(model));
    norms.removeIf(name -> name.contains("conv") || name.contains("downsample.0"));
    ProgramBuilder.Training programs = ProgramBuilder.buildTraining(model, Precision.FP32, norms);
    try (Program weights = programs.weights();
        Program examples = programs.examples()) {
      assertThat(operators(examples)).contains("BatchNormalization");
      assertThat(operators(weights)).isEmpty();
    }
  }

  @Test
  void merge_changingStatistics_isLeftAlone() {
    Set<String> statistics = Set.of("layer1.bn1.running_mean", "layer1.bn1.running_var");
    assertThat(operators(residual(), statistics))
        .filteredOn("BatchNormalization"::equals)
        .hasSize(1);
  }

  private static List<String> operators(OnnxModel model, Set<String> statistics) {
    Set<String> masters = new HashSet<>(TestTraining.trainable(model));
    masters.addAll(statistics);
    ProgramBuilder.Training programs = ProgramBuilder.buildTraining(model, Precision.FP32, masters);
    try (Program weights = programs.weights();
        Program examples = programs.examples()) {
      return operators(examples);
    }
  }

  private static List<String> operators(Program program) {
    return program.steps().stream().map(step -> step.node().operator()).toList();
  }

  private static TrainingOptions options(List<String> weights, Precision precision) {
    return TestTraining.of(weights, new OptimizerSettings.Sgd(1, 0, false), precision);
  }

  private static OnnxModel residual() {
    GraphLayers net = GraphLayers.ofImages("residual", 2, SIDE);
    return ended(net, net.basicBlock("layer1", "image", 3, 8, 2), 8);
  }

  private static OnnxModel ended(GraphLayers net, String x, int channels) {
    return net.classifier(3, net.flat(net.globalAverage(x)), channels);
  }
}

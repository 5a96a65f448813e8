package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.graft.onnx.CachePoints;
import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import dev.graft.onnx.Trunk;
import dev.graft.onnx.UnsupportedOperatorsException;
import dev.graft.onnx.ValueInfo;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What frozen networks tell about themselves, and what they refuse. */
class NetworkTest {
  @Test
  void load_unknownOperators_namesThemAllAtOnce() {
    OnnxModel model =
        GraphBuilder.named("strange")
            .input("x", ElementType.FLOAT, Dimension.of(2))
            .node("Relu", List.of("x"), "r")
            .node("Frobnicate", List.of("r"), "a")
            .node(Node.of("FusedGlow", List.of("a"), List.of("b")).withDomain("com.example"))
            .node("Det", List.of("b"), "y")
            .opset("com.example", 1)
            .output("y", ElementType.FLOAT, Dimension.of(2))
            .build(18);
    assertThatThrownBy(() -> Network.load(model, Precision.FP32))
        .isInstanceOf(UnsupportedOperatorsException.class)
        .hasMessageContaining("Det")
        .hasMessageContaining("Frobnicate")
        .hasMessageContaining("com.example.FusedGlow")
        .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("Relu"));
  }

  @Test
  void load_twoInputs_namesThem() {
    OnnxModel model =
        GraphBuilder.named("pair")
            .input("left", ElementType.FLOAT, Dimension.of(2))
            .input("right", ElementType.FLOAT, Dimension.of(2))
            .node("Add", List.of("left", "right"), "y")
            .output("y", ElementType.FLOAT, Dimension.of(2))
            .build(18);
    assertThatThrownBy(() -> Network.load(model, Precision.FP32))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("one input is expected")
        .hasMessageContaining("[left, right]");
    assertThatThrownBy(() -> TrainingSession.open(model, TestTraining.of(List.of("w"))))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("one input is expected, but it has 2");
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void run_graphInHalfPrecision_computesInThePrecisionOfTheRun(Precision precision) {
    OnnxTensor weight = OnnxTensor.ofFloats("w", new float[] {0.5f, -1, 2, 0.25f}, 2, 2);
    OnnxTensor half =
        OnnxTensor.ofRaw("w", ElementType.FLOAT16, ByteBuffer.allocate(8), 2, 2)
            .withFloats(weight.toFloats());
    OnnxModel model =
        GraphBuilder.named("half")
            .input("x", ElementType.FLOAT, Dimension.named("N"), Dimension.of(2))
            .initializer(half)
            .node(cast("x", "narrow", ElementType.FLOAT16))
            .node("MatMul", List.of("narrow", "w"), "product")
            .node(cast("product", "y", ElementType.FLOAT))
            .output("y", ElementType.FLOAT, Dimension.named("N"), Dimension.of(2))
            .build(18);
    try (Network network = Network.load(model, precision)) {
      // 70000 is beyond the range of fp16.
      FloatTensor y = network.run(new FloatTensor(new float[] {70000, 1}, 1, 2));
      assertThat(y.values()[0]).isCloseTo(35002, withinPercentage(1));
      assertThat(y.values()[1]).isCloseTo(-70000, withinPercentage(1));
    }
  }

  private static Node cast(String from, String to, ElementType type) {
    return Node.of("Cast", List.of(from), List.of(to)).withInteger("to", type.onnxCode());
  }

  @Test
  void load_oldOperatorSet_isUpgraded() {
    OnnxModel model =
        GraphBuilder.named("old")
            .input("x", ElementType.FLOAT, Dimension.of(2), Dimension.of(2), Dimension.of(2))
            .node("Softmax", List.of("x"), "y") // over the last two axes together in opset 9
            .output("y", ElementType.FLOAT, Dimension.of(2), Dimension.of(2), Dimension.of(2))
            .build(9);
    try (Network network = Network.load(model, Precision.FP32)) {
      FloatTensor y = network.run(new FloatTensor(new float[8], 2, 2, 2));
      assertThat(y.values()).containsOnly(0.25f);
    }
  }

  @Test
  void run_wrongShape_namesTheNodeAndTheShapes() {
    try (Network network = Network.load(TestTraining.linear(), Precision.FP32)) {
      assertThatThrownBy(() -> network.run(TestTensors.noise(1, 2, 5)))
          .isInstanceOf(EngineException.class)
          .hasMessageStartingWith("Running Gemm \"logits\" (x, w, b -> logits)")
          .hasMessageContaining("[[2, 5], [3, 4], [3]]")
          .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("\n"));
    }
  }

  @Test
  void run_wrongChannels_namesTheConvolutionAndTheShapes() {
    try (Network network = Network.load(TestGraphs.residual(), Precision.FP32)) {
      assertThatThrownBy(() -> network.run(TestTensors.noise(1, 1, 4, 32, 32)))
          .isInstanceOf(EngineException.class)
          .hasMessageStartingWith("Running Conv \"conv1\"")
          .hasMessageContaining("[1, 4, 32, 32]");
      assertThatThrownBy(() -> network.run(TestTensors.noise(1, 1, 3, 32)))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("[1, 3, 32]");
      // A refused batch leaves the network usable.
      assertThat(network.run(TestTensors.noise(1, 1, 3, 32, 32)).shape()).containsExactly(1, 10);
    }
  }

  @Test
  void run_impossibleReshape_namesBothShapes() {
    OnnxModel model =
        GraphBuilder.named("reshape")
            .input("x", ElementType.FLOAT, Dimension.named("N"), Dimension.of(4))
            .initializer(OnnxTensor.ofLongs("shape", new long[] {1, 4}, 2))
            .node("Reshape", List.of("x", "shape"), "y")
            .output("y", ElementType.FLOAT, Dimension.of(1), Dimension.of(4))
            .build(18);
    try (Network network = Network.load(model, Precision.FP32)) {
      assertThatThrownBy(() -> network.run(TestTensors.noise(1, 2, 4)))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("Reshape")
          .hasMessageContaining("[2, 4]")
          .hasMessageContaining("[1, 4]");
    }
  }

  @Test
  void run_noExamples_givesNone() {
    try (Network network = Network.load(TestTraining.linear(), Precision.FP32)) {
      assertThat(network.run(new FloatTensor(new float[0], 0, 4)).shape()).containsExactly(0, 3);
    }
  }

  /** A value inside must survive what would overwrite, merge or fuse it without being an output. */
  @ParameterizedTest
  @ValueSource(strings = {"resnet", "efficientnet", "mobilenetv3", "vit"})
  void runAll_tensorsInside_areThoseOfTheNetworkCutThere(String family) {
    OnnxModel model = TestGraphs.of(family).upgradeTo(18);
    List<String> points = CachePoints.of(model);
    List<String> tensors = points.subList(1, points.size());
    List<ValueInfo> outputs =
        tensors.stream().map(name -> ValueInfo.ofUnknownShape(name, ElementType.FLOAT)).toList();
    FloatTensor images = TestTensors.noise(3, 2, 3, TestGraphs.SIDE, TestGraphs.SIDE);
    try (Network exposed = Network.load(model.edit().setOutputs(outputs).build(), Precision.FP32)) {
      List<FloatTensor> values = exposed.runAll(images);
      assertThat(values).hasSameSizeAs(tensors);
      for (int i = 0; i < values.size(); i++) {
        try (Network cut = Network.load(Trunk.cut(model, tensors.get(i)), Precision.FP32)) {
          assertThat(TestTensors.relativeError(values.get(i), cut.run(images)))
              .as(tensors.get(i))
              .isLessThan(1e-4);
        }
      }
    }
  }

  @Test
  void profile_residualNetwork_countsMultiplyAdds() {
    try (Network network = Network.load(TestGraphs.residual(), Precision.FP32)) {
      GraphProfile profile = network.profile(1, 3, TestGraphs.SIDE, TestGraphs.SIDE);
      // 16x16 places x 16 filters x 3x7x7; then 8x8 x 16 x 16x3x3 twice; stage 2 at 4x4: 16 to 32
      // by 3x3, 32 to 32 by 3x3 three times, 16 to 32 by 1x1; the classifier 32 x 10.
      long stem = 16 * 16 * 16 * 147;
      long first = 2 * 8 * 8 * 16 * 144;
      long second = 16 * (32 * 144 + 3 * 32 * 288 + 32 * 16);
      assertThat(profile.multiplyAdds()).isEqualTo(stem + first + second + 320);
      assertThat(profile.largestActivationElements()).isEqualTo(16 * 16 * 16);
      assertThat(network.batchFor(profile)).isBetween(1, 64);
    }
  }

  @Test
  void floatTensor_shapeThatDoesNotFit_givesBothCounts() {
    assertThatThrownBy(() -> new FloatTensor(new float[5], 2, 3))
        .hasMessage("shape [2, 3] holds 6 elements, but 5 values are given");
    assertThatThrownBy(() -> new FloatTensor(new float[0], -1, 0)).hasMessageContaining("negative");
  }
}

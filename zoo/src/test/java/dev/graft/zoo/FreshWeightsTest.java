package dev.graft.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Layers;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import dev.graft.onnx.ValueInfo;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FreshWeightsTest {
  private static final float LEARNED = 7;

  private static OnnxTensor learned(String name, long... shape) {
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    Arrays.fill(values, LEARNED);
    return OnnxTensor.ofFloats(name, values, shape);
  }

  /** One of each kind of layer; every stored value is 7. */
  private static OnnxModel oneOfEach() {
    return GraphBuilder.named("each")
        .input(
            "x",
            ElementType.FLOAT,
            Dimension.named("N"),
            Dimension.of(32),
            Dimension.of(4),
            Dimension.of(4))
        .initializer(learned("normed.weight", 64, 32, 3, 3))
        .initializer(learned("bn.scale", 64))
        .initializer(learned("bn.bias", 64))
        .initializer(learned("bn.mean", 64))
        .initializer(learned("bn.var", 64))
        .initializer(learned("rectified.weight", 128, 64, 1, 1))
        .initializer(learned("rectified.bias", 128))
        .initializer(learned("plain.weight", 64, 128, 1, 1))
        .initializer(learned("slope", 64, 1, 1))
        .initializer(learned("position", 1, 64, 4, 4))
        .initializer(learned("gamma", 64, 1, 1))
        .initializer(learned("hidden.weight", 256, 64))
        .initializer(learned("hidden.bias", 256))
        .initializer(learned("fc.weight", 100, 256))
        .initializer(learned("fc.bias", 100))
        .node("Conv", List.of("x", "normed.weight"), "a")
        .node("BatchNormalization", List.of("a", "bn.scale", "bn.bias", "bn.mean", "bn.var"), "b")
        .node("Relu", List.of("b"), "c")
        .node("Conv", List.of("c", "rectified.weight", "rectified.bias"), "d")
        .node("Sigmoid", List.of("d"), "gate")
        .node("Mul", List.of("d", "gate"), "e")
        .node("Conv", List.of("e", "plain.weight"), "f")
        .node("Add", List.of("f", "position"), "g")
        .node("Tanh", List.of("g"), "bent")
        .node("PRelu", List.of("bent", "slope"), "h")
        .node("Mul", List.of("h", "gamma"), "i")
        .node("GlobalAveragePool", List.of("i"), "j")
        .node("Flatten", List.of("j"), "k")
        .node(
            Node.of("Gemm", List.of("k", "hidden.weight", "hidden.bias"), List.of("l"))
                .withInteger("transB", 1))
        .node("Relu", List.of("l"), "m")
        .node(
            Node.of("Gemm", List.of("m", "fc.weight", "fc.bias"), List.of("y"))
                .withInteger("transB", 1))
        .output(ValueInfo.ofUnknownShape("y", ElementType.FLOAT))
        .build(18);
  }

  private static float[] values(OnnxModel model, String tensor) {
    return model.graph().constant(tensor).orElseThrow().toFloats();
  }

  private static double deviation(float[] values) {
    double sum = 0;
    double squares = 0;
    for (float value : values) {
      sum += value;
      squares += (double) value * value;
    }
    double mean = sum / values.length;
    assertThat(mean).isCloseTo(0, Offset.offset(4 * Math.sqrt(squares) / values.length));
    return Math.sqrt(squares / values.length - mean * mean);
  }

  private static void assertConstant(OnnxModel model, String tensor, float expected) {
    for (float value : values(model, tensor)) {
      assertThat(value).as(tensor).isEqualTo(expected);
    }
  }

  // Deviations by hand: sqrt(2 / (64*9)), sqrt(2 / 64), sqrt(1 / 128), 0.02, sqrt(2 / 64).
  @ParameterizedTest
  @CsvSource({
    "normed.weight, 0.058926",
    "rectified.weight, 0.176777",
    "plain.weight, 0.088388",
    "position, 0.02",
    "hidden.weight, 0.176777"
  })
  void reinitialize_normalWeights_haveTheStatedDeviation(String tensor, double expected) {
    OnnxModel fresh = FreshWeights.reinitialize(oneOfEach(), 1);
    assertThat(deviation(values(fresh, tensor))).isCloseTo(expected, Percentage.withPercentage(6));
  }

  // Deviations by hand: sqrt(3 / 64) for the operator and for x hardsigmoid(x) written out.
  @Test
  void reinitialize_inFrontOfHardSwish_hasTheGainThatKeepsItsMeanSquare() {
    GraphBuilder graph =
        GraphBuilder.named("swish")
            .input("x", ElementType.FLOAT, Dimension.named("N"), Dimension.of(64))
            .initializer(learned("one", 64, 64))
            .initializer(learned("two", 64, 64))
            .node("MatMul", List.of("x", "one"), "a")
            .node("HardSwish", List.of("a"), "b")
            .node("MatMul", List.of("b", "two"), "c")
            .node("HardSigmoid", List.of("c"), "gate")
            .node("Mul", List.of("c", "gate"), "y")
            .output("y", ElementType.FLOAT);
    OnnxModel fresh = FreshWeights.reinitialize(graph.build(18), 1);
    for (String tensor : List.of("one", "two")) {
      assertThat(deviation(values(fresh, tensor)))
          .as(tensor)
          .isCloseTo(0.216506, Percentage.withPercentage(5));
    }
  }

  @Test
  void reinitialize_lastLinearLayer_isUniformWithinItsLimit() {
    float[] weight = values(FreshWeights.reinitialize(oneOfEach(), 1), "fc.weight");
    double limit = Math.sqrt(6.0 / (256 + 100));
    for (float value : weight) {
      assertThat((double) Math.abs(value)).isLessThanOrEqualTo(limit);
    }
    assertThat(deviation(weight)).isCloseTo(limit / Math.sqrt(3), Percentage.withPercentage(3));
  }

  @Test
  void reinitialize_everythingElse_hasItsNeutralValue() {
    OnnxModel fresh = FreshWeights.reinitialize(oneOfEach(), 1);
    assertConstant(fresh, "bn.scale", 1);
    assertConstant(fresh, "bn.bias", 0);
    assertConstant(fresh, "bn.mean", 0);
    assertConstant(fresh, "bn.var", 1);
    assertConstant(fresh, "rectified.bias", 0);
    assertConstant(fresh, "hidden.bias", 0);
    assertConstant(fresh, "fc.bias", 0);
    assertConstant(fresh, "slope", 0.25f);
    assertConstant(fresh, "gamma", 1);
  }

  @Test
  void reinitialize_sameSeed_givesTheSameBytes() {
    byte[] first = FreshWeights.reinitialize(oneOfEach(), 5).toBytes();
    assertThat(FreshWeights.reinitialize(oneOfEach(), 5).toBytes()).isEqualTo(first);
    assertThat(FreshWeights.reinitialize(oneOfEach(), 6).toBytes()).isNotEqualTo(first);
  }

  @Test
  void reinitialize_knownSeed_givesTheRecordedValues() {
    // Recorded from this implementation: fresh networks of earlier releases stay reproducible.
    float[] weight = values(FreshWeights.reinitialize(oneOfEach(), 1), "normed.weight");
    assertThat(Arrays.copyOf(weight, 3)).containsExactly(RECORDED);
  }

  private static final float[] RECORDED = {0.04263726f, 0.04254756f, -3.4311195E-4f};

  @Test
  void reinitialize_namesShapesAndTypes_stay() {
    OnnxModel model = oneOfEach();
    OnnxModel fresh = FreshWeights.reinitialize(model, 1);
    assertThat(fresh.graph().initializers().keySet())
        .containsExactlyElementsOf(model.graph().initializers().keySet());
    model
        .graph()
        .initializers()
        .forEach(
            (name, tensor) ->
                assertThat(fresh.graph().constant(name).orElseThrow().describe())
                    .isEqualTo(tensor.describe()));
  }

  @Test
  void reinitialize_halfPrecisionTable_staysHalfPrecision() {
    OnnxModel model =
        GraphBuilder.named("words")
            .input("ids", ElementType.INT64, Dimension.named("N"))
            .initializer(
                OnnxTensor.ofRaw("table", ElementType.FLOAT16, ByteBuffer.allocate(2000), 100, 10))
            .node("Gather", List.of("table", "ids"), "y")
            .output("y", ElementType.FLOAT16)
            .build(18);
    OnnxModel fresh = FreshWeights.reinitialize(model, 3);
    assertThat(fresh.graph().constant("table").orElseThrow().type()).isEqualTo(ElementType.FLOAT16);
    assertThat(deviation(values(fresh, "table"))).isCloseTo(0.02, Percentage.withPercentage(8));
  }

  @ParameterizedTest
  @CsvSource({
    "mobilenetv2-1.0-imagenet.onnx, input, 224",
    "mobilenetv2-0.35-imagenet-headless.onnx, x, 224"
  })
  @Tag("reference-data")
  void reinitialize_realNetwork_keepsNothingLearnedAndCarriesSignals(
      String name, String input, int size) throws OrtException {
    Path file = Path.of(System.getProperty("graft.shared", "shared"), "models", name);
    Assumptions.assumeTrue(Files.exists(file), "reference data absent: " + file);
    OnnxModel model = OnnxModel.read(file);
    OnnxModel fresh = FreshWeights.reinitialize(model, 11);
    for (String tensor : Layers.trainableTensors(model)) {
      assertThat(values(fresh, tensor)).as(tensor).isNotEqualTo(values(model, tensor));
    }
    double spread = deviationOfOutput(fresh, input, size);
    assertThat(spread).as("deviation of the output").isBetween(1e-3, 1e3);
  }

  private static double deviationOfOutput(OnnxModel model, String input, int size)
      throws OrtException {
    float[] pixels = new float[3 * size * size];
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) (random.nextDouble() * 2 - 1);
    }
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(model.toBytes());
        var tensor =
            ai.onnxruntime.OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(pixels), new long[] {1, 3, size, size});
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      FloatBuffer buffer = ((ai.onnxruntime.OnnxTensor) result.get(0)).getFloatBuffer();
      double squares = 0;
      int count = buffer.remaining();
      while (buffer.hasRemaining()) {
        float value = buffer.get();
        squares += (double) value * value;
      }
      return Math.sqrt(squares / count);
    }
  }

  @Test
  void reinitialize_someTensors_leavesTheOthersAndTheirStatistics() {
    OnnxModel fresh = FreshWeights.reinitialize(oneOfEach(), Set.of("plain.weight", "bn.scale"), 1);
    assertThat(values(fresh, "plain.weight")).doesNotContain(LEARNED);
    assertThat(values(fresh, "bn.scale")).containsOnly(1);
    assertThat(values(fresh, "bn.mean")).containsOnly(0);
    assertThat(values(fresh, "rectified.weight")).containsOnly(LEARNED);
    OnnxModel other = FreshWeights.reinitialize(oneOfEach(), Set.of("plain.weight"), 1);
    assertThat(values(other, "bn.mean")).containsOnly(LEARNED);
    assertThat(values(other, "plain.weight")).isEqualTo(values(fresh, "plain.weight"));
  }
}

package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes into a convolution changes the number of steps and not the result. */
class ConvolutionMergingTest {
  private static final int CHANNELS = 4;
  private static final FloatTensor INPUT = TestTensors.noise(5, 2, 3, 6, 6);

  static Stream<Arguments> mergeable() {
    return Stream.of(
        Arguments.of("batch norm", model(batchNorm("c", "y")), List.of("Conv")),
        Arguments.of("constant per channel", model(addition("shift", "c", "y")), List.of("Conv")),
        Arguments.of(
            "constant without batch axis", model(addition("shift3", "c", "y")), List.of("Conv")),
        Arguments.of(
            "constant on the left",
            model(List.of(Node.of("Add", List.of("shift", "c"), List.of("y")))),
            List.of("Conv")),
        Arguments.of(
            "constant, then batch norm, then relu",
            model(
                Stream.of(addition("shift", "c", "s"), batchNorm("s", "n"), relu("n", "y"))
                    .flatMap(List::stream)
                    .toList()),
            List.of("Conv")),
        Arguments.of(
            "clip",
            model(List.of(Node.of("Clip", List.of("c", "low", "high"), List.of("y")))),
            List.of("Conv")),
        Arguments.of(
            "hard swish",
            model(List.of(Node.of("HardSwish", List.of("c"), List.of("y")))),
            List.of("Conv")),
        Arguments.of(
            "sigmoid times itself",
            model(
                List.of(
                    Node.of("Sigmoid", List.of("c"), List.of("g")),
                    Node.of("Mul", List.of("g", "c"), List.of("y")))),
            List.of("Conv")));
  }

  static Stream<Arguments> unmergeable() {
    return Stream.of(
        Arguments.of(
            "output with two readers",
            model(
                Stream.of(batchNorm("c", "n"), addition("c", "n", "y"))
                    .flatMap(List::stream)
                    .toList()),
            List.of("Conv", "BatchNormalization", "Add")),
        Arguments.of(
            "output of the graph",
            graph(Stream.of(convolution(), batchNorm("c", "y")).flatMap(List::stream).toList())
                .output(
                    "c",
                    ElementType.FLOAT,
                    Dimension.named("N"),
                    Dimension.of(CHANNELS),
                    Dimension.of(6),
                    Dimension.of(6))
                .build(18),
            List.of("Conv", "BatchNormalization")),
        Arguments.of(
            "constant per place", model(addition("map", "c", "y")), List.of("Conv", "Add")),
        Arguments.of(
            "clip with one bound",
            model(List.of(Node.of("Clip", List.of("c", "low"), List.of("y")))),
            List.of("Conv", "Clip")),
        Arguments.of(
            "sigmoid of another tensor",
            model(
                List.of(
                    Node.of("Relu", List.of("x"), List.of("r")),
                    Node.of("ReduceMean", List.of("r", "axis"), List.of("m")),
                    Node.of("Sigmoid", List.of("m"), List.of("g")),
                    Node.of("Mul", List.of("g", "c"), List.of("y")))),
            List.of("Conv", "Relu", "ReduceMean", "Sigmoid", "Mul")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"mergeable", "unmergeable"})
  void run_anyFollower_equalsOnnxRuntime(String name, OnnxModel model, List<String> steps)
      throws Exception {
    FloatTensor expected = OnnxRuntime.run(model, INPUT);
    try (Network exact = Network.load(model, Precision.FP32);
        Network fast = Network.load(model, Precision.BF16)) {
      assertThat(TestTensors.relativeError(exact.run(INPUT), expected)).isLessThan(1e-5);
      assertThat(TestTensors.relativeError(fast.run(INPUT), expected)).isLessThan(2e-2);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"mergeable", "unmergeable"})
  void build_anyFollower_hasTheStepsLeft(String name, OnnxModel model, List<String> steps) {
    assertThat(operators(model, Set.of())).containsExactlyInAnyOrderElementsOf(steps);
  }

  @Test
  void build_trainableWeightOrNorm_mergesNothing() {
    OnnxModel model = model(batchNorm("c", "y"));
    List<String> apart = List.of("Conv", "BatchNormalization");
    for (String trainable : List.of("w", "b", "scale", "offset", "mean", "variance")) {
      assertThat(operators(model, Set.of(trainable))).as(trainable).isEqualTo(apart);
    }
  }

  @Test
  void run_twice_packsWeightsOnceAndGivesTheSame() {
    OnnxModel model = model(relu("c", "y"));
    try (Network network = Network.load(model, Precision.FP32)) {
      float[] first = network.run(INPUT).values();
      FloatTensor larger = TestTensors.noise(6, 3, 3, 6, 6);
      network.run(larger);
      assertThat(network.run(INPUT).values()).isEqualTo(first);
    }
  }

  private static List<String> operators(OnnxModel model, Set<String> trainable) {
    Libtorch.load();
    try (Program program = ProgramBuilder.build(model, Precision.FP32, trainable)) {
      return program.steps().stream().map(step -> step.node().operator()).toList();
    }
  }

  private static List<Node> convolution() {
    return List.of(
        Node.of("Conv", List.of("x", "w", "b"), List.of("c")).withIntegers("pads", 1, 1, 1, 1));
  }

  private static List<Node> batchNorm(String from, String to) {
    List<String> inputs = List.of(from, "scale", "offset", "mean", "variance");
    return List.of(Node.of("BatchNormalization", inputs, List.of(to)));
  }

  private static List<Node> addition(String left, String right, String to) {
    return List.of(Node.of("Add", List.of(right, left), List.of(to)));
  }

  private static List<Node> relu(String from, String to) {
    return List.of(Node.of("Relu", List.of(from), List.of(to)));
  }

  private static OnnxModel model(List<Node> followers) {
    return graph(Stream.of(convolution(), followers).flatMap(List::stream).toList()).build(18);
  }

  private static GraphBuilder graph(List<Node> nodes) {
    GraphBuilder graph =
        GraphBuilder.named("convolution")
            .input(
                "x",
                ElementType.FLOAT,
                Dimension.named("N"),
                Dimension.of(3),
                Dimension.of(6),
                Dimension.of(6))
            .initializer(floats("w", 1, CHANNELS, 3, 3, 3))
            .initializer(floats("b", 2, CHANNELS))
            .initializer(floats("scale", 3, CHANNELS))
            .initializer(floats("offset", 4, CHANNELS))
            .initializer(floats("mean", 5, CHANNELS))
            .initializer(OnnxTensor.ofFloats("variance", new float[] {0.5f, 1, 2, 0.1f}, CHANNELS))
            .initializer(floats("shift", 6, 1, CHANNELS, 1, 1))
            .initializer(floats("shift3", 7, CHANNELS, 1, 1))
            .initializer(floats("map", 8, 1, 1, 6, 6))
            .initializer(OnnxTensor.ofFloats("low", new float[] {-0.3f}))
            .initializer(OnnxTensor.ofFloats("high", new float[] {0.4f}))
            .initializer(OnnxTensor.ofLongs("axis", new long[] {1}, 1));
    nodes.forEach(graph::node);
    return graph.output(
        "y",
        ElementType.FLOAT,
        Dimension.named("N"),
        Dimension.of(CHANNELS),
        Dimension.of(6),
        Dimension.of(6));
  }

  private static OnnxTensor floats(String name, long seed, long... shape) {
    return OnnxTensor.ofFloats(name, TestTensors.noise(seed, shape).values(), shape);
  }
}

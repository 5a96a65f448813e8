package dev.graft.zoo.architecture;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import dev.graft.zoo.FreshWeights;
import java.util.Arrays;
import java.util.List;

/**
 * Layers laid on a graph one by one. Weights are asked for by name and shape and mean nothing until
 * the whole network draws them ({@link FreshWeights}). For one thread.
 */
final class NetworkLayers {
  static final String INPUT = "image";
  private static final String OUTPUT = "logits";
  private static final int OPSET = 18;

  /** Protobuf ends at 2 GB. */
  private static final long LARGEST = 500_000_000;

  private final GraphBuilder graph;
  private final ImageTask task;
  private int unnamed;
  private long weights;

  /** A graph with the input "image" [N, 3, side, side], or of any height and width. */
  NetworkLayers(String name, ImageTask task) {
    this.task = task;
    this.graph =
        GraphBuilder.named(name)
            .input(
                INPUT,
                ElementType.FLOAT,
                Dimension.named("N"),
                Dimension.of(3),
                task.axis("height"),
                task.axis("width"));
  }

  /** A convolution with bias. */
  String convolution(String name, String x, Filters filters) {
    return convolution(
        name, List.of(x, weight(name, filters.shape()), bias(name, filters.to())), filters);
  }

  /** The same without bias. */
  String plainConvolution(String name, String x, Filters filters) {
    return convolution(name, List.of(x, weight(name, filters.shape())), filters);
  }

  private String convolution(String name, List<String> inputs, Filters filters) {
    long side = filters.side();
    long stride = filters.stride();
    long pad = side / 2;
    Node plain =
        Node.of("Conv", inputs, List.of(name))
            .withName(name)
            .withIntegers("kernel_shape", side, side)
            .withIntegers("strides", stride, stride)
            .withIntegers("pads", pad, pad, pad, pad);
    return node(filters.groups() == 1 ? plain : plain.withInteger("group", filters.groups()));
  }

  /** A convolution over patches that do not overlap. */
  String patches(String name, String x, int width, int side) {
    return node(
        Node.of(
                "Conv",
                List.of(x, weight(name, width, 3, side, side), bias(name, width)),
                List.of(name))
            .withName(name)
            .withIntegers("kernel_shape", side, side)
            .withIntegers("strides", side, side));
  }

  String batchNorm(String name, String x, int channels, float epsilon) {
    List<String> inputs =
        List.of(
            x,
            weight(name, channels),
            bias(name, channels),
            floats(name + ".running_mean", channels),
            floats(name + ".running_var", channels));
    return node(
        Node.of("BatchNormalization", inputs, List.of(name))
            .withName(name)
            .withReal("epsilon", epsilon));
  }

  String layerNorm(String name, String x, int width) {
    List<String> inputs = List.of(x, weight(name, width), bias(name, width));
    return node(
        Node.of("LayerNormalization", inputs, List.of(name))
            .withName(name)
            .withInteger("axis", -1));
  }

  /** x W + b as exporters write linear layers of tensors of rank 3. */
  String linear(String name, String x, int from, int to) {
    String product = node("MatMul", x, weight(name, from, to));
    return node("Add", bias(name, to), product);
  }

  /** The maximum over 3x3 places, every second one: [N, C, H, W] to half the size, rounded up. */
  String halvedByMaximum(String x) {
    return node(
        Node.of("MaxPool", List.of(x), List.of(fresh("MaxPool")))
            .withIntegers("kernel_shape", 3, 3)
            .withIntegers("strides", 2, 2)
            .withIntegers("pads", 1, 1, 1, 1));
  }

  /** The mean of 2x2 places each: [N, C, H, W] to half the size, rounded up. */
  String halvedByMean(String x) {
    return node(
        Node.of("AveragePool", List.of(x), List.of(fresh("AveragePool")))
            .withIntegers("kernel_shape", 2, 2)
            .withIntegers("strides", 2, 2)
            .withInteger("ceil_mode", 1));
  }

  /** The mean over all places: [N, C, H, W] to [N, C]. */
  String pooled(String x) {
    return node("Flatten", node("GlobalAveragePool", x)); // [N, C, 1, 1] -> [N, C]
  }

  String relu(String x) {
    return node("Relu", x);
  }

  /** x (1 + erf(x / sqrt 2)) / 2 in single operators. */
  String gelu(String x) {
    String erf = node("Erf", node("Div", x, scalar((float) Math.sqrt(2))));
    return node("Mul", node("Mul", x, node("Add", erf, scalar(1))), scalar(0.5f));
  }

  String transposed(String x, long... permutation) {
    return node(
        Node.of("Transpose", List.of(x), List.of(fresh("Transpose")))
            .withIntegers("perm", permutation));
  }

  String reshaped(String x, long... shape) {
    return node("Reshape", x, longs(shape));
  }

  /**
   * A weight of the network itself.
   *
   * @throws IllegalArgumentException if the network would be larger than an ONNX file can be
   */
  String floats(String name, long... shape) {
    double product = Arrays.stream(shape).mapToDouble(size -> size).reduce(1, (a, b) -> a * b);
    if (weights + product > LARGEST) {
      throw new IllegalArgumentException(
          "a network of more than %d million weights (reached at %s) fits in no ONNX file: take fewer"
                  .formatted(LARGEST / 1_000_000, name)
              + " channels or classes");
    }
    int count = (int) product;
    weights += count;
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      // Vectors of equal values would pass for constants that never train.
      values[i] = i;
    }
    graph.initializer(OnnxTensor.ofFloats(name, values, shape));
    return name;
  }

  String scalar(float value) {
    String name = fresh("constant");
    graph.initializer(OnnxTensor.ofFloats(name, new float[] {value}));
    return name;
  }

  String longs(long... values) {
    String name = fresh("constant");
    graph.initializer(OnnxTensor.ofLongs(name, values, values.length));
    return name;
  }

  String longScalar(long value) {
    String name = fresh("constant");
    graph.initializer(OnnxTensor.ofLongs(name, new long[] {value}));
    return name;
  }

  /** A node whose output has a name that is not in use. */
  String node(String operator, String... inputs) {
    return node(Node.of(operator, List.of(inputs), List.of(fresh(operator))));
  }

  String node(Node node) {
    graph.node(node);
    return node.output(0);
  }

  /** An output name that is not in use. */
  String fresh(String operator) {
    return operator + "_" + unnamed++;
  }

  /** A linear layer on vectors [N, from]. */
  String dense(String name, String x, int from, int to) {
    return dense(name, x, from, to, fresh("Gemm"));
  }

  private String dense(String name, String x, int from, int to, String output) {
    return node(
        Node.of("Gemm", List.of(x, weight(name, to, from), bias(name, to)), List.of(output))
            .withName(name)
            .withInteger("transB", 1));
  }

  /** The whole network: a linear layer on features [N, width], then its weights drawn. */
  OnnxModel classifier(String name, String features, int width, long seed) {
    int classes = task.classes();
    dense(name, features, width, classes, OUTPUT);
    graph.output(OUTPUT, ElementType.FLOAT, Dimension.named("N"), Dimension.of(classes));
    return FreshWeights.reinitialize(graph.build(OPSET), seed);
  }

  private String weight(String layer, long... shape) {
    return floats(layer + ".weight", shape);
  }

  private String bias(String layer, long length) {
    return floats(layer + ".bias", length);
  }
}

package dev.graft.zoo.architecture;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import dev.graft.onnx.ValueInfo;
import dev.graft.zoo.FreshWeights;
import java.util.Arrays;
import java.util.List;

/**
 * Layers laid on a graph one by one. Weights are asked for by name and shape and mean nothing until
 * the whole network draws them ({@link FreshWeights}). For one thread.
 */
final class NetworkLayers {
  private static final String OUTPUT = "logits";
  private static final int OPSET = 18;
  private static final float LEAST_VARIANCE = 1e-5f;

  /** Protobuf ends at 2 GB. */
  private static final long LARGEST = 500_000_000;

  private final GraphBuilder graph;
  private final int classes;
  private int unnamed;
  private long weights;

  /**
   * @param input of the graph
   * @param classes of its output
   */
  NetworkLayers(String name, ValueInfo input, int classes) {
    this.classes = classes;
    this.graph = GraphBuilder.named(name).input(input);
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
    Stride stride = filters.stride();
    long pad = side / 2;
    Node plain =
        Node.of("Conv", inputs, List.of(name))
            .withName(name)
            .withIntegers("kernel_shape", side, side)
            .withIntegers("strides", stride.rows(), stride.columns())
            .withIntegers("pads", pad, pad, pad, pad);
    return node(filters.groups() == 1 ? plain : plain.withInteger("group", filters.groups()));
  }

  /** A convolution with bias along one axis that keeps its length: [N, from, T] to [N, to, T]. */
  String convolutionAlong(String name, String x, int from, int to, int length) {
    return node(
        Node.of("Conv", List.of(x, weight(name, to, from, length), bias(name, to)), List.of(name))
            .withName(name)
            .withIntegers("kernel_shape", length)
            .withIntegers("pads", length / 2, length / 2));
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
    return shrunkByMean(x, Stride.of(2));
  }

  /** The mean of the places in each step of a stride, rounded up. */
  String shrunkByMean(String x, Stride stride) {
    return node(
        Node.of("AveragePool", List.of(x), List.of(fresh("AveragePool")))
            .withIntegers("kernel_shape", stride.rows(), stride.columns())
            .withIntegers("strides", stride.rows(), stride.columns())
            .withInteger("ceil_mode", 1));
  }

  /** The mean over all places: [N, C, H, W] to [N, C]. */
  String pooled(String x) {
    return node("Flatten", node("GlobalAveragePool", x)); // [N, C, 1, 1] -> [N, C]
  }

  /** Mean and standard deviation over all places: [N, C, H, W] to [N, 2 C]. */
  String meanAndDeviation(String x) {
    String mean = meanOverPlaces(x); // [N, C, 1, 1]
    String centred = node("Sub", x, mean);
    String variance = meanOverPlaces(node("Mul", centred, centred));
    // The gradient of the root stays finite where all places are alike.
    String deviation = node("Sqrt", node("Add", variance, scalar(LEAST_VARIANCE)));
    String both =
        node(
            Node.of("Concat", List.of(mean, deviation), List.of(fresh("Concat")))
                .withInteger("axis", 1));
    return node("Flatten", both); // [N, 2 C, 1, 1] -> [N, 2 C]
  }

  private String meanOverPlaces(String x) {
    return node("ReduceMean", x, longs(2, 3));
  }

  /** A reduction over an axis, which is then gone. */
  String reducedAway(String operator, String x, long axis) {
    return node(
        Node.of(operator, List.of(x, longs(axis)), List.of(fresh(operator)))
            .withInteger("keepdims", 0));
  }

  String cast(String x, ElementType type) {
    return node(
        Node.of("Cast", List.of(x), List.of(fresh("Cast"))).withInteger("to", type.onnxCode()));
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

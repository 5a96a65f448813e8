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

  private final GraphBuilder graph;
  private final ImageTask task;
  private int unnamed;

  /** A graph with the input "image" [N, 3, side, side]. */
  NetworkLayers(String name, ImageTask task) {
    this.task = task;
    Dimension side = Dimension.of(task.side());
    this.graph =
        GraphBuilder.named(name)
            .input(INPUT, ElementType.FLOAT, Dimension.named("N"), Dimension.of(3), side, side);
  }

  /** A convolution with bias that keeps the size but for its stride. */
  String convolution(String name, String x, int from, int to, int kernel, int stride) {
    return convolution(
        name, List.of(x, weight(name, to, from, kernel, kernel), bias(name, to)), kernel, stride);
  }

  /** The same without bias. */
  String plainConvolution(String name, String x, int from, int to, int kernel, int stride) {
    return convolution(name, List.of(x, weight(name, to, from, kernel, kernel)), kernel, stride);
  }

  private String convolution(String name, List<String> inputs, int kernel, int stride) {
    long pad = kernel / 2;
    return node(
        Node.of("Conv", inputs, List.of(name))
            .withName(name)
            .withIntegers("kernel_shape", kernel, kernel)
            .withIntegers("strides", stride, stride)
            .withIntegers("pads", pad, pad, pad, pad));
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

  String batchNorm(String name, String x, int channels) {
    List<String> inputs =
        List.of(
            x,
            weight(name, channels),
            bias(name, channels),
            floats(name + ".running_mean", channels),
            floats(name + ".running_var", channels));
    return node(Node.of("BatchNormalization", inputs, List.of(name)).withName(name));
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

  /** A weight of the network itself. */
  String floats(String name, long... shape) {
    int count = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
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

  /** The whole network: a linear layer "fc" on features [N, width], then its weights drawn. */
  OnnxModel classifier(String features, int width, long seed) {
    int classes = task.classes();
    graph.node(
        Node.of(
                "Gemm",
                List.of(features, weight("fc", classes, width), bias("fc", classes)),
                List.of(OUTPUT))
            .withName("fc")
            .withInteger("transB", 1));
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

package dev.graft.engine;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import java.util.List;
import java.util.SplittableRandom;

/** Layers with seeded weights, written as exporters write them, laid on a graph one by one. */
final class GraphLayers {
  private static final int OPSET = 18;

  private final GraphBuilder graph;
  private final SplittableRandom random;

  private GraphLayers(GraphBuilder graph, long seed) {
    this.graph = graph;
    random = new SplittableRandom(seed);
  }

  /** A graph with the input "image" [N,3,side,side]. */
  static GraphLayers ofImages(String name, long seed, int side) {
    return new GraphLayers(
        GraphBuilder.named(name)
            .input(
                "image",
                ElementType.FLOAT,
                Dimension.named("N"),
                Dimension.of(3),
                Dimension.of(side),
                Dimension.of(side)),
        seed);
  }

  /** A graph with the input "waveform" [N,samples]. */
  static GraphLayers ofSound(String name, long seed, int samples) {
    return new GraphLayers(
        GraphBuilder.named(name)
            .input("waveform", ElementType.FLOAT, Dimension.named("N"), Dimension.of(samples)),
        seed);
  }

  /** A graph with the inputs "input_ids" and "attention_mask" [N,length]. */
  static GraphLayers ofTokens(String name, long seed, int length) {
    return new GraphLayers(
        GraphBuilder.named(name)
            .input("input_ids", ElementType.INT64, Dimension.named("N"), Dimension.of(length))
            .input("attention_mask", ElementType.INT64, Dimension.named("N"), Dimension.of(length)),
        seed);
  }

  String basicBlock(String name, String x, int from, int to, int stride) {
    String y = convolution(name + ".conv1", x, from, to, 3, stride, 1);
    y = relu(batchNorm(name + ".bn1", y, to));
    y = batchNorm(name + ".bn2", convolution(name + ".conv2", y, to, to, 3, 1, 1), to);
    String shortcut = x;
    if (stride != 1 || from != to) {
      shortcut = convolution(name + ".downsample.0", x, from, to, 1, stride, 1);
      shortcut = batchNorm(name + ".downsample.1", shortcut, to);
    }
    return relu(node("Add", y, shortcut));
  }

  /** ResNet's block of 1x1, 3x3 and 1x1 convolutions, the last one four times as wide. */
  String bottleneck(String name, String x, int from, int width, int stride) {
    int to = 4 * width;
    String y = convolution(name + ".conv1", x, from, width, 1, 1, 1);
    y = relu(batchNorm(name + ".bn1", y, width));
    y = convolution(name + ".conv2", y, width, width, 3, stride, 1);
    y = relu(batchNorm(name + ".bn2", y, width));
    y = batchNorm(name + ".bn3", convolution(name + ".conv3", y, width, to, 1, 1, 1), to);
    String shortcut = x;
    if (stride != 1 || from != to) {
      shortcut = convolution(name + ".downsample.0", x, from, to, 1, stride, 1);
      shortcut = batchNorm(name + ".downsample.1", shortcut, to);
    }
    return relu(node("Add", y, shortcut));
  }

  String invertedBlock(String name, String x, int from, int inner, int to, int kernel, int stride) {
    String y = same(name + ".expand", x, from, inner, 1, 1, 1);
    y = silu(batchNorm(name + ".bn0", y, inner));
    y = same(name + ".dw", y, inner, inner, kernel, stride, inner);
    y = silu(batchNorm(name + ".bn1", y, inner));
    String squeezed =
        node(
            Node.of(
                    "ReduceMean",
                    List.of(y, longs(name + ".axes", 2, 3)),
                    List.of(name + ".squeeze"))
                .withInteger("keepdims", 1));
    squeezed = silu(convolution(name + ".se.reduce", squeezed, inner, 8, 1, 1, 1));
    squeezed = node("Sigmoid", convolution(name + ".se.expand", squeezed, 8, inner, 1, 1, 1));
    y = node("Mul", y, squeezed);
    y = batchNorm(name + ".bn2", same(name + ".project", y, inner, to, 1, 1, 1), to);
    return stride == 1 && from == to ? node("Add", y, x) : y;
  }

  /** Pre-norm attention of four heads and a feed-forward part with GELU by Erf. */
  String encoderLayer(String name, String x, String batch, int width, int tokens) {
    int heads = 4;
    int depth = width / heads;
    String normed = layerNorm(name + ".norm1", x, width);
    String split =
        concat(
            batch,
            longs(name + ".tokens", tokens),
            longs(name + ".heads", heads),
            longs(name + ".depth", depth));
    String[] parts = new String[3];
    for (int i = 0; i < 3; i++) {
      String part = linear(name + ".attention." + "qkv".charAt(i), normed, width, width);
      // [N,T,D] -> [N,T,H,d]; queries and values to [N,H,T,d], keys to [N,H,d,T]
      part = node("Reshape", part, split);
      parts[i] = i == 1 ? transposed(part, 0, 2, 3, 1) : transposed(part, 0, 2, 1, 3);
    }
    String root = scalar(name + ".root", (float) Math.sqrt(depth));
    String scores = node("Div", node("MatMul", parts[0], parts[1]), root);
    String attention =
        node(
            Node.of("Softmax", List.of(scores), List.of(name + ".weights"))
                .withInteger("axis", -1));
    String mixed = transposed(node("MatMul", attention, parts[2]), 0, 2, 1, 3);
    String joined = concat(batch, longs(name + ".tokens2", tokens), longs(name + ".width", width));
    mixed = linear(name + ".attention.out", node("Reshape", mixed, joined), width, width);
    String y = node("Add", x, mixed);
    String inner = linear(name + ".mlp.fc1", layerNorm(name + ".norm2", y, width), width, 64);
    String erf = node("Erf", node("Div", inner, scalar(name + ".sqrt2", (float) Math.sqrt(2))));
    inner = node("Mul", inner, node("Add", erf, scalar(name + ".one", 1)));
    inner = node("Mul", inner, scalar(name + ".half", 0.5f));
    return node("Add", y, linear(name + ".mlp.fc2", inner, 64, width));
  }

  OnnxModel classifier(int classes, String features, int width) {
    String weight = weights("fc.weight", Math.sqrt(3.0 / width), classes, width);
    graph.node(
        Node.of("Gemm", List.of(features, weight, bias("fc.bias", classes)), List.of("logits"))
            .withInteger("transB", 1));
    graph.output("logits", ElementType.FLOAT, Dimension.named("N"), Dimension.of(classes));
    return graph.build(OPSET);
  }

  String convolution(String name, String x, int from, int to, int kernel, int stride, int groups) {
    long pad = kernel / 2;
    return node(
        plainConvolution(name, x, from, to, kernel, stride, groups)
            .withIntegers("pads", pad, pad, pad, pad));
  }

  String same(String name, String x, int from, int to, int kernel, int stride, int groups) {
    return node(
        plainConvolution(name, x, from, to, kernel, stride, groups)
            .withText("auto_pad", "SAME_UPPER"));
  }

  Node plainConvolution(
      String name, String x, int from, int to, int kernel, int stride, int groups) {
    double range = Math.sqrt(6.0 / ((double) from / groups * kernel * kernel));
    String weight = weights(name + ".weight", range, to, from / groups, kernel, kernel);
    return Node.of("Conv", List.of(x, weight, bias(name + ".bias", to)), List.of(name))
        .withName(name)
        .withIntegers("kernel_shape", kernel, kernel)
        .withIntegers("strides", stride, stride)
        .withInteger("group", groups);
  }

  String batchNorm(String name, String x, int channels) {
    String scale = uniform(name + ".weight", 0.7, 1.3, channels);
    String mean = uniform(name + ".running_mean", -0.2, 0.2, channels);
    String variance = uniform(name + ".running_var", 0.6, 1.4, channels);
    List<String> inputs = List.of(x, scale, bias(name + ".bias", channels), mean, variance);
    return node(Node.of("BatchNormalization", inputs, List.of(name)).withName(name));
  }

  String layerNorm(String name, String x, int width) {
    String scale = uniform(name + ".weight", 0.7, 1.3, width);
    return node(
        Node.of("LayerNormalization", List.of(x, scale, bias(name + ".bias", width)), List.of(name))
            .withInteger("axis", -1));
  }

  String linear(String name, String x, int from, int to) {
    String product = node("MatMul", x, weights(name + ".weight", Math.sqrt(3.0 / from), from, to));
    return node("Add", bias(name + ".bias", to), product);
  }

  String relu(String x) {
    return node("Relu", x);
  }

  String silu(String x) {
    return node("Mul", x, node("Sigmoid", x));
  }

  String globalAverage(String x) {
    return node("GlobalAveragePool", x);
  }

  String flat(String x) {
    return node("Flatten", x);
  }

  String transposed(String x, long... permutation) {
    return node(
        Node.of("Transpose", List.of(x), List.of(x + "/transposed"))
            .withIntegers("perm", permutation));
  }

  /** The length of the first axis as a vector of one element. */
  String batchOf(String x) {
    String length = node("Gather", node("Shape", x), longScalar("batch.axis", 0));
    return node("Unsqueeze", length, longs("batch.axes", 0));
  }

  String concat(String... parts) {
    return node(
        Node.of("Concat", List.of(parts), List.of("concat" + random.nextInt(1_000_000)))
            .withInteger("axis", 0));
  }

  String node(String operator, String... inputs) {
    return node(
        Node.of(
            operator, List.of(inputs), List.of(operator + "." + random.nextInt(1_000_000_000))));
  }

  String node(Node node) {
    graph.node(node);
    return node.output(0);
  }

  String weights(String name, double range, long... shape) {
    return uniform(name, -range, range, shape);
  }

  String bias(String name, int length) {
    return uniform(name, -0.1, 0.1, length);
  }

  String uniform(String name, double low, double high, long... shape) {
    int count = 1;
    for (long length : shape) {
      count *= (int) length;
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(low, high);
    }
    graph.initializer(OnnxTensor.ofFloats(name, values, shape));
    return name;
  }

  String scalar(String name, float value) {
    graph.initializer(OnnxTensor.ofFloats(name, new float[] {value}));
    return name;
  }

  String longs(String name, long... values) {
    graph.initializer(OnnxTensor.ofLongs(name, values, values.length));
    return name;
  }

  String truth(String name, boolean value) {
    graph.node(
        Node.of("Cast", List.of(longScalar(name + ".long", value ? 1 : 0)), List.of(name))
            .withInteger("to", ElementType.BOOL.onnxCode()));
    return name;
  }

  String longScalar(String name, long value) {
    graph.initializer(OnnxTensor.ofLongs(name, new long[] {value}));
    return name;
  }
}

package dev.graft.engine;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Small networks of the families that image backbones come from, with seeded weights, written as
 * exporters write them. Input "image" [N,3,32,32], output "logits" [N,10].
 */
final class TestGraphs {
  static final int SIDE = 32;
  static final int CLASSES = 10;
  private static final int OPSET = 18;

  private final GraphBuilder graph;
  private final SplittableRandom random;

  private TestGraphs(String name, long seed) {
    graph =
        GraphBuilder.named(name)
            .input(
                "image",
                ElementType.FLOAT,
                Dimension.named("N"),
                Dimension.of(3),
                Dimension.of(SIDE),
                Dimension.of(SIDE));
    random = new SplittableRandom(seed);
  }

  /** A network of the family by its name. */
  static OnnxModel of(String family) {
    return switch (family) {
      case "resnet" -> residual();
      case "efficientnet" -> efficient();
      case "mobilenetv3" -> mobile();
      case "vit" -> transformer();
      default -> throw new IllegalArgumentException("no family " + family);
    };
  }

  /** ResNet: batch norms kept, max pooling, basic blocks with and without projection, Gemm. */
  static OnnxModel residual() {
    TestGraphs net = new TestGraphs("resnet", 1);
    String x = net.convolution("conv1", "image", 3, 16, 7, 2, 1);
    x = net.relu(net.batchNorm("bn1", x, 16));
    x =
        net.node(
            Node.of("MaxPool", List.of(x), List.of("pool"))
                .withIntegers("kernel_shape", 3, 3)
                .withIntegers("strides", 2, 2)
                .withIntegers("pads", 1, 1, 1, 1));
    x = net.basicBlock("layer1.0", x, 16, 16, 1);
    x = net.basicBlock("layer2.0", x, 16, 32, 2);
    x = net.basicBlock("layer2.1", x, 32, 32, 1);
    return net.classifier(net.flat(net.globalAverage(x)), 32);
  }

  /** EfficientNet: SAME_UPPER pads, SiLU as Sigmoid and Mul, squeeze and excite, depthwise. */
  static OnnxModel efficient() {
    TestGraphs net = new TestGraphs("efficientnet", 2);
    String x = net.silu(net.batchNorm("stem.bn", net.same("stem", "image", 3, 16, 3, 2, 1), 16));
    x = net.invertedBlock("blocks.0", x, 16, 32, 16, 5, 1);
    x = net.invertedBlock("blocks.1", x, 16, 48, 24, 3, 2);
    x = net.silu(net.batchNorm("head.bn", net.same("head", x, 24, 40, 1, 1, 1), 40));
    String pooled =
        net.node(
            Node.of("ReduceMean", List.of(x, net.longs("axes", 2, 3)), List.of("mean"))
                .withInteger("keepdims", 0));
    return net.classifier(pooled, 40);
  }

  /** MobileNetV3: hard swish, squeeze and excite by hard sigmoid, ReLU6, depthwise. */
  static OnnxModel mobile() {
    TestGraphs net = new TestGraphs("mobilenetv3", 3);
    String x = net.convolution("features.0", "image", 3, 16, 3, 2, 1);
    x = net.node(Node.of("HardSwish", List.of(x), List.of("stem")));
    String inner = net.convolution("features.1.dw", x, 16, 16, 3, 1, 16);
    inner =
        net.node(
            Node.of(
                "Clip",
                List.of(inner, net.scalar("zero", 0), net.scalar("six", 6)),
                List.of("relu6")));
    String squeezed = net.globalAverage(inner);
    squeezed = net.relu(net.convolution("features.1.fc1", squeezed, 16, 8, 1, 1, 1));
    squeezed = net.convolution("features.1.fc2", squeezed, 8, 16, 1, 1, 1);
    String gate =
        net.node(
            Node.of("HardSigmoid", List.of(squeezed), List.of("gate"))
                .withReal("alpha", 1 / 6f)
                .withReal("beta", 0.5f));
    inner = net.node("Mul", inner, gate);
    x = net.node("Add", x, net.convolution("features.1.project", inner, 16, 16, 1, 1, 1));
    x = net.node("HardSwish", net.convolution("features.2", x, 16, 48, 1, 1, 1));
    return net.classifier(net.flat(net.globalAverage(x)), 48);
  }

  /** ViT: patches, a class token laid out for the batch, one encoder layer, Gather of the token. */
  static OnnxModel transformer() {
    TestGraphs net = new TestGraphs("vit", 4);
    int width = 32;
    int tokens = (SIDE / 8) * (SIDE / 8) + 1;
    String weight = net.weights("patch.weight", 0.1, width, 3, 8, 8);
    String patches =
        net.node(
            Node.of("Conv", List.of("image", weight, net.bias("patch.bias", width)), List.of("p"))
                .withIntegers("strides", 8, 8));
    String batch = net.batchOf("image");
    String shape = net.concat(batch, net.longs("width", width), net.longs("rest", -1));
    // [N,D,4,4] -> [N,D,16] -> [N,16,D]
    String sequence = net.transposed(net.node("Reshape", patches, shape), 0, 2, 1);
    String tokenShape = net.concat(batch, net.longs("minus", -1), net.longs("minus2", -1));
    String ones = net.longs("ones", 1, 1, 1);
    String free = net.node("Equal", tokenShape, net.longs("free", -1, -1, -1));
    String wanted = net.node("Where", free, ones, tokenShape);
    String token = net.node("Expand", net.weights("cls_token", 0.5, 1, 1, width), wanted);
    sequence =
        net.node(
            Node.of("Concat", List.of(token, sequence), List.of("embedded"))
                .withInteger("axis", 1));
    sequence = net.node("Add", sequence, net.weights("pos_embed", 0.5, 1, tokens, width));
    sequence = net.encoderLayer("encoder.layer.0", sequence, batch, width, tokens);
    sequence = net.layerNorm("norm", sequence, width);
    String first =
        net.node(
            Node.of("Gather", List.of(sequence, net.longScalar("first", 0)), List.of("cls"))
                .withInteger("axis", 1));
    return net.classifier(first, width);
  }

  private String basicBlock(String name, String x, int from, int to, int stride) {
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

  private String invertedBlock(
      String name, String x, int from, int inner, int to, int kernel, int stride) {
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
  private String encoderLayer(String name, String x, String batch, int width, int tokens) {
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

  private OnnxModel classifier(String features, int width) {
    String weight = weights("fc.weight", Math.sqrt(3.0 / width), CLASSES, width);
    graph.node(
        Node.of("Gemm", List.of(features, weight, bias("fc.bias", CLASSES)), List.of("logits"))
            .withInteger("transB", 1));
    graph.output("logits", ElementType.FLOAT, Dimension.named("N"), Dimension.of(CLASSES));
    return graph.build(OPSET);
  }

  private String convolution(
      String name, String x, int from, int to, int kernel, int stride, int groups) {
    long pad = kernel / 2;
    return node(
        plainConvolution(name, x, from, to, kernel, stride, groups)
            .withIntegers("pads", pad, pad, pad, pad));
  }

  private String same(String name, String x, int from, int to, int kernel, int stride, int groups) {
    return node(
        plainConvolution(name, x, from, to, kernel, stride, groups)
            .withText("auto_pad", "SAME_UPPER"));
  }

  private Node plainConvolution(
      String name, String x, int from, int to, int kernel, int stride, int groups) {
    double range = Math.sqrt(6.0 / ((double) from / groups * kernel * kernel));
    String weight = weights(name + ".weight", range, to, from / groups, kernel, kernel);
    return Node.of("Conv", List.of(x, weight, bias(name + ".bias", to)), List.of(name))
        .withName(name)
        .withIntegers("kernel_shape", kernel, kernel)
        .withIntegers("strides", stride, stride)
        .withInteger("group", groups);
  }

  private String batchNorm(String name, String x, int channels) {
    String scale = uniform(name + ".weight", 0.7, 1.3, channels);
    String mean = uniform(name + ".running_mean", -0.2, 0.2, channels);
    String variance = uniform(name + ".running_var", 0.6, 1.4, channels);
    List<String> inputs = List.of(x, scale, bias(name + ".bias", channels), mean, variance);
    return node(Node.of("BatchNormalization", inputs, List.of(name)).withName(name));
  }

  private String layerNorm(String name, String x, int width) {
    String scale = uniform(name + ".weight", 0.7, 1.3, width);
    return node(
        Node.of("LayerNormalization", List.of(x, scale, bias(name + ".bias", width)), List.of(name))
            .withInteger("axis", -1));
  }

  private String linear(String name, String x, int from, int to) {
    String product = node("MatMul", x, weights(name + ".weight", Math.sqrt(3.0 / from), from, to));
    return node("Add", bias(name + ".bias", to), product);
  }

  private String relu(String x) {
    return node("Relu", x);
  }

  private String silu(String x) {
    return node("Mul", x, node("Sigmoid", x));
  }

  private String globalAverage(String x) {
    return node("GlobalAveragePool", x);
  }

  private String flat(String x) {
    return node("Flatten", x);
  }

  private String transposed(String x, long... permutation) {
    return node(
        Node.of("Transpose", List.of(x), List.of(x + "/transposed"))
            .withIntegers("perm", permutation));
  }

  /** The length of the first axis as a vector of one element. */
  private String batchOf(String x) {
    String length = node("Gather", node("Shape", x), longScalar("batch.axis", 0));
    return node("Unsqueeze", length, longs("batch.axes", 0));
  }

  private String concat(String... parts) {
    return node(
        Node.of("Concat", List.of(parts), List.of("concat" + random.nextInt(1_000_000)))
            .withInteger("axis", 0));
  }

  private String node(String operator, String... inputs) {
    return node(
        Node.of(
            operator, List.of(inputs), List.of(operator + "." + random.nextInt(1_000_000_000))));
  }

  private String node(Node node) {
    graph.node(node);
    return node.output(0);
  }

  private String weights(String name, double range, long... shape) {
    return uniform(name, -range, range, shape);
  }

  private String bias(String name, int length) {
    return uniform(name, -0.1, 0.1, length);
  }

  private String uniform(String name, double low, double high, long... shape) {
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

  private String scalar(String name, float value) {
    graph.initializer(OnnxTensor.ofFloats(name, new float[] {value}));
    return name;
  }

  private String longs(String name, long... values) {
    graph.initializer(OnnxTensor.ofLongs(name, values, values.length));
    return name;
  }

  private String longScalar(String name, long value) {
    graph.initializer(OnnxTensor.ofLongs(name, new long[] {value}));
    return name;
  }
}

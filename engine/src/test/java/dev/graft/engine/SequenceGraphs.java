package dev.graft.engine;

import dev.graft.onnx.ElementType;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import java.util.List;

/** Small networks of the families that read text and sound. Output "logits" [N,4]. */
final class SequenceGraphs {
  static final int CLASSES = 4;
  static final int TOKENS = 6;
  static final int VOCABULARY = 11;
  static final int SAMPLES = 120;

  private SequenceGraphs() {}

  /**
   * BERT: summed embeddings, normed after each part by a norm in single operators, a mask of large
   * negative numbers, a pooler with Tanh.
   */
  static OnnxModel text() {
    GraphLayers net = GraphLayers.ofTokens("bert", 5, TOKENS);
    int width = 8;
    String words =
        net.node("Gather", net.weights("word.weight", 0.5, VOCABULARY, width), "input_ids");
    String x = net.node("Add", words, net.weights("position.weight", 0.5, 1, TOKENS, width));
    x = singleOperatorNorm(net, "embeddings.norm", x, width);
    String mask = net.node("Unsqueeze", "attention_mask", net.longs("mask.axes", 1, 2));
    mask =
        net.node(
            Node.of("Cast", List.of(mask), List.of("mask.float"))
                .withInteger("to", ElementType.FLOAT.onnxCode()));
    mask = net.node("Sub", net.scalar("one", 1), mask);
    mask = net.node("Mul", mask, net.scalar("lowest", -10000)); // [N,1,1,T]
    x = net.node("Add", x, attention(net, x, mask, width));
    x = singleOperatorNorm(net, "attention.norm", x, width);
    String inner = net.linear("intermediate", x, width, 12);
    String erf = net.node("Erf", net.node("Div", inner, net.scalar("root2", (float) Math.sqrt(2))));
    inner = net.node("Mul", inner, net.node("Add", erf, net.scalar("one.again", 1)));
    inner = net.node("Mul", inner, net.scalar("half", 0.5f));
    x = net.node("Add", x, net.linear("output", inner, 12, width));
    x = singleOperatorNorm(net, "output.norm", x, width);
    String first =
        net.node(
            Node.of("Gather", List.of(x, net.longScalar("first", 0)), List.of("cls"))
                .withInteger("axis", 1));
    String pooled =
        net.node(
            Node.of(
                    "Gemm",
                    List.of(
                        first,
                        net.weights("pooler.weight", 0.6, width, width),
                        net.bias("pooler.bias", width)),
                    List.of("pooler"))
                .withInteger("transB", 1));
    return net.classifier(CLASSES, net.node("Tanh", pooled), width);
  }

  private static String attention(GraphLayers net, String x, String mask, int width) {
    int heads = 2;
    String split = net.longs("heads", 0, 0, heads, width / heads);
    String[] parts = new String[3];
    for (int i = 0; i < 3; i++) {
      // [N,T,D] -> [N,T,H,d]; queries and values to [N,H,T,d], keys to [N,H,d,T]
      String part = net.linear("attention." + "qkv".charAt(i), x, width, width);
      part = net.node("Reshape", part, split);
      parts[i] = i == 1 ? net.transposed(part, 0, 2, 3, 1) : net.transposed(part, 0, 2, 1, 3);
    }
    String scores = net.node("MatMul", parts[0], parts[1]);
    scores = net.node("Div", scores, net.scalar("root", (float) Math.sqrt((double) width / heads)));
    String shares = net.node("Softmax", net.node("Add", scores, mask));
    String mixed = net.transposed(net.node("MatMul", shares, parts[2]), 0, 2, 1, 3);
    mixed = net.node("Reshape", mixed, net.longs("joined", 0, 0, width));
    return net.linear("attention.out", mixed, width, width);
  }

  /** (x - mean) / sqrt(mean of squares + epsilon) scale + bias, as older exporters write it. */
  private static String singleOperatorNorm(GraphLayers net, String name, String x, int width) {
    String centred = net.node("Sub", x, lastMean(net, name + ".mean", x));
    String square = net.node("Pow", centred, net.scalar(name + ".two", 2));
    String variance = lastMean(net, name + ".variance", square);
    String shifted = net.node("Add", variance, net.scalar(name + ".epsilon", 1e-5f));
    String normal = net.node("Div", centred, net.node("Sqrt", shifted));
    String scaled = net.node("Mul", normal, net.uniform(name + ".weight", 0.7, 1.3, width));
    return net.node("Add", scaled, net.bias(name + ".bias", width));
  }

  private static String lastMean(GraphLayers net, String name, String x) {
    return net.node(
        Node.of("ReduceMean", List.of(x, net.longs(name + ".axes", -1)), List.of(name)));
  }

  /**
   * One-dimensional convolutions as in wav2vec 2.0: strided, the first with a norm per channel,
   * then a grouped one that tells positions; pooled by mean and deviation over time.
   */
  static OnnxModel sound() {
    GraphLayers net = GraphLayers.ofSound("sound", 6, SAMPLES);
    String x = net.node("Unsqueeze", "waveform", net.longs("channel", 1)); // [N,1,S]
    x = line(net, "conv0", x, 1, 6, 10, 5, 0, 1);
    x =
        net.node(
            "InstanceNormalization",
            x,
            net.uniform("norm0.weight", 0.7, 1.3, 6),
            net.bias("norm0.bias", 6));
    x = net.node("Mul", x, net.node("Sigmoid", x));
    x = line(net, "conv1", x, 6, 8, 3, 2, 0, 1);
    String positions = line(net, "positions", x, 8, 8, 3, 1, 1, 4);
    x = net.node("Add", x, net.node("Tanh", positions));
    x = net.layerNorm("norm", net.transposed(x, 0, 2, 1), 8); // [N,T,8]
    String mean = overTime(net, "mean", x, 1);
    String deviation = net.node("Sub", x, overTime(net, "mean.kept", x, 1));
    String variance = overTime(net, "variance", net.node("Mul", deviation, deviation), 1);
    variance = net.node("Sqrt", net.node("Add", variance, net.scalar("floor", 1e-3f)));
    String both =
        net.node(
            Node.of("Concat", List.of(mean, variance), List.of("pooled")).withInteger("axis", -1));
    return net.classifier(CLASSES, net.flat(both), 16);
  }

  private static String overTime(GraphLayers net, String name, String x, long axis) {
    return net.node(
        Node.of("ReduceMean", List.of(x, net.longs(name + ".axes", axis)), List.of(name)));
  }

  private static String line(
      GraphLayers net,
      String name,
      String x,
      int from,
      int to,
      int kernel,
      int stride,
      int pad,
      int groups) {
    String weight = net.weights(name + ".weight", 0.5, to, from / groups, kernel);
    return net.node(
        Node.of("Conv", List.of(x, weight, net.bias(name + ".bias", to)), List.of(name))
            .withIntegers("kernel_shape", kernel)
            .withIntegers("strides", stride)
            .withIntegers("pads", pad, pad)
            .withInteger("group", groups));
  }
}

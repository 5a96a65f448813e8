package dev.graft.engine;

import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import java.util.List;

/** Further small networks of known families, as their exporters write them. */
final class FamilyGraphs {
  static final int TOKENS = 7;
  static final int VOCABULARY = 13;
  static final int SAMPLES = 400;
  private static final int CLASSES = 5;

  private FamilyGraphs() {}

  /** ConvNeXt: norms over channels between transpositions, depthwise 7x7, scaled branches. */
  static OnnxModel convNext() {
    GraphLayers net = GraphLayers.ofImages("convnext", 7, TestGraphs.SIDE);
    String x = patches(net, "stem", "image", 3, 16, 4);
    x = overChannels(net, "stem.norm", x, 16);
    x = net.node("Add", x, branch(net, "stages.0.0", x, 16));
    x = patches(net, "stages.1.down", overChannels(net, "stages.1.norm", x, 16), 16, 24, 2);
    x = net.node("Add", x, branch(net, "stages.1.0", x, 24));
    String pooled = net.flat(net.globalAverage(x));
    return net.classifier(CLASSES, net.layerNorm("head.norm", pooled, 24), 24);
  }

  private static String patches(
      GraphLayers net, String name, String x, int from, int to, int side) {
    String weight = net.weights(name + ".weight", 0.3, to, from, side, side);
    return net.node(
        Node.of("Conv", List.of(x, weight, net.bias(name + ".bias", to)), List.of(name))
            .withIntegers("kernel_shape", side, side)
            .withIntegers("strides", side, side));
  }

  private static String overChannels(GraphLayers net, String name, String x, int width) {
    String last = net.transposed(x, 0, 2, 3, 1); // [N,C,H,W] -> [N,H,W,C]
    return net.transposed(net.layerNorm(name, last, width), 0, 3, 1, 2);
  }

  private static String branch(GraphLayers net, String name, String x, int width) {
    String y = net.convolution(name + ".dw", x, width, width, 7, 1, width);
    y = net.layerNorm(name + ".norm", net.transposed(y, 0, 2, 3, 1), width);
    y = net.linear(name + ".fc1", y, width, 2 * width);
    y = net.linear(name + ".fc2", gelu(net, name, y), 2 * width, width);
    y = net.node("Mul", net.uniform(name + ".gamma", 0.1, 0.5, width), y);
    return net.transposed(y, 0, 3, 1, 2);
  }

  private static String gelu(GraphLayers net, String name, String x) {
    String erf = net.node("Erf", net.node("Div", x, net.scalar(name + ".root2", 1.4142135f)));
    String gate = net.node("Add", erf, net.scalar(name + ".one", 1));
    return net.node("Mul", net.node("Mul", x, gate), net.scalar(name + ".half", 0.5f));
  }

  /** DistilBERT: norms behind the sums, the mask filled in by Where, ReLU before the classifier. */
  static OnnxModel distilBert() {
    GraphLayers net = GraphLayers.ofTokens("distilbert", 8, TOKENS);
    int width = 16;
    String words = net.weights("embeddings.word", 0.5, VOCABULARY, width);
    String x = net.node("Gather", words, "input_ids");
    x = net.node("Add", x, net.weights("embeddings.position", 0.5, 1, TOKENS, width));
    x = net.layerNorm("embeddings.norm", x, width);
    for (int layer = 0; layer < 2; layer++) {
      String name = "layer." + layer;
      String mixed = maskedAttention(net, name, x, width);
      x = net.layerNorm(name + ".norm1", net.node("Add", mixed, x), width);
      String inner = gelu(net, name, net.linear(name + ".lin1", x, width, 2 * width));
      inner = net.linear(name + ".lin2", inner, 2 * width, width);
      x = net.layerNorm(name + ".norm2", net.node("Add", inner, x), width);
    }
    String first =
        net.node(
            Node.of("Gather", List.of(x, net.longScalar("first", 0)), List.of("cls"))
                .withInteger("axis", 1));
    String hidden = net.relu(net.linear("pre_classifier", first, width, width));
    return net.classifier(CLASSES, hidden, width);
  }

  private static String maskedAttention(GraphLayers net, String name, String x, int width) {
    int heads = 4;
    String split = net.longs(name + ".heads", 0, -1, heads, width / heads);
    String[] parts = new String[3];
    for (int i = 0; i < 3; i++) {
      String part = net.linear(name + ".attention." + "qkv".charAt(i), x, width, width);
      part = net.node("Reshape", part, split); // [N,T,D] -> [N,T,H,d]
      parts[i] = i == 1 ? net.transposed(part, 0, 2, 3, 1) : net.transposed(part, 0, 2, 1, 3);
    }
    String root = net.scalar(name + ".root", (float) Math.sqrt((double) width / heads));
    String scores = net.node("MatMul", net.node("Div", parts[0], root), parts[1]);
    String hidden = net.node("Equal", "attention_mask", net.longScalar(name + ".zero", 0));
    String shape = net.longs(name + ".mask.axes", 1, 2);
    String wide =
        net.node("Expand", net.node("Unsqueeze", hidden, shape), net.node("Shape", scores));
    String filled = net.node("Where", wide, net.scalar(name + ".lowest", -Float.MAX_VALUE), scores);
    String shares =
        net.node(
            Node.of("Softmax", List.of(filled), List.of(name + ".shares")).withInteger("axis", -1));
    String mixed = net.transposed(net.node("MatMul", shares, parts[2]), 0, 2, 1, 3);
    mixed = net.node("Reshape", mixed, net.longs(name + ".joined", 0, -1, width));
    return net.linear(name + ".attention.out", mixed, width, width);
  }

  /**
   * wav2vec 2.0: strided convolutions with a norm per channel and GELU, a grouped convolution of
   * even length for positions with its last element cut off, an encoder layer, the mean over time.
   */
  static OnnxModel waveform() {
    GraphLayers net = GraphLayers.ofSound("wav2vec2", 9, SAMPLES);
    int width = 16;
    String x = net.node("Unsqueeze", "waveform", net.longs("channel", 1)); // [N,1,S]
    x = line(net, "conv.0", x, 1, width, 10, 5, 0, 1);
    String scale = net.uniform("conv.0.norm.weight", 0.7, 1.3, width);
    x = net.node("InstanceNormalization", x, scale, net.bias("conv.0.norm.bias", width));
    x = gelu(net, "conv.0", x);
    x = gelu(net, "conv.1", line(net, "conv.1", x, width, width, 3, 2, 0, 1));
    x = gelu(net, "conv.2", line(net, "conv.2", x, width, width, 2, 2, 0, 1)); // [N,D,19]
    String positions = line(net, "positions", x, width, width, 4, 1, 2, 4); // [N,D,20]
    positions =
        net.node(
            "Slice",
            positions,
            net.longs("cut.starts", 0),
            net.longs("cut.ends", -1),
            net.longs("cut.axes", 2));
    x = net.node("Add", x, gelu(net, "positions", positions));
    x = net.layerNorm("encoder.norm", net.transposed(x, 0, 2, 1), width);
    x = net.encoderLayer("encoder.layers.0", x, net.batchOf("waveform"), width, 19);
    String mean =
        net.node(
            Node.of("ReduceMean", List.of(x, net.longs("time", 1)), List.of("pooled"))
                .withInteger("keepdims", 0));
    return net.classifier(CLASSES, mean, width);
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
    String weight = net.weights(name + ".weight", 0.4, to, from / groups, kernel);
    return net.node(
        Node.of("Conv", List.of(x, weight, net.bias(name + ".bias", to)), List.of(name))
            .withIntegers("kernel_shape", kernel)
            .withIntegers("strides", stride)
            .withIntegers("pads", pad, pad)
            .withInteger("group", groups));
  }
}

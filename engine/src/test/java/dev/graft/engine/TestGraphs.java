package dev.graft.engine;

import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import java.util.List;

/**
 * Small networks of the families that image backbones come from, with seeded weights, written as
 * exporters write them. Input "image" [N,3,32,32], output "logits" [N,10].
 */
final class TestGraphs {
  static final int SIDE = 32;
  static final int CLASSES = 10;

  private TestGraphs() {}

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
    GraphLayers net = GraphLayers.ofImages("resnet", 1, SIDE);
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
    return net.classifier(CLASSES, net.flat(net.globalAverage(x)), 32);
  }

  /**
   * ResNet-50 (He et al. 2016, table 1) for images of any side, its 25.6 million weights small
   * enough for a first step.
   */
  static OnnxModel resNet50(int side) {
    GraphLayers net = GraphLayers.ofImages("resnet50", 11, side);
    String x = net.convolution("conv1", "image", 3, 64, 7, 2, 1);
    x = net.relu(net.batchNorm("bn1", x, 64));
    x =
        net.node(
            Node.of("MaxPool", List.of(x), List.of("pool"))
                .withIntegers("kernel_shape", 3, 3)
                .withIntegers("strides", 2, 2)
                .withIntegers("pads", 1, 1, 1, 1));
    int[] blocks = {3, 4, 6, 3};
    int from = 64;
    for (int stage = 0; stage < blocks.length; stage++) {
      int width = 64 << stage;
      for (int block = 0; block < blocks[stage]; block++) {
        String name = "layer" + (stage + 1) + "." + block;
        x = net.bottleneck(name, x, from, width, block == 0 && stage > 0 ? 2 : 1);
        from = 4 * width;
      }
    }
    return net.classifier(1000, net.flat(net.globalAverage(x)), from);
  }

  /** EfficientNet: SAME_UPPER pads, SiLU as Sigmoid and Mul, squeeze and excite, depthwise. */
  static OnnxModel efficient() {
    GraphLayers net = GraphLayers.ofImages("efficientnet", 2, SIDE);
    String x = net.silu(net.batchNorm("stem.bn", net.same("stem", "image", 3, 16, 3, 2, 1), 16));
    x = net.invertedBlock("blocks.0", x, 16, 32, 16, 5, 1);
    x = net.invertedBlock("blocks.1", x, 16, 48, 24, 3, 2);
    x = net.silu(net.batchNorm("head.bn", net.same("head", x, 24, 40, 1, 1, 1), 40));
    String pooled =
        net.node(
            Node.of("ReduceMean", List.of(x, net.longs("axes", 2, 3)), List.of("mean"))
                .withInteger("keepdims", 0));
    return net.classifier(CLASSES, pooled, 40);
  }

  /** MobileNetV3: hard swish, squeeze and excite by hard sigmoid, ReLU6, depthwise. */
  static OnnxModel mobile() {
    GraphLayers net = GraphLayers.ofImages("mobilenetv3", 3, SIDE);
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
    return net.classifier(CLASSES, net.flat(net.globalAverage(x)), 48);
  }

  /** ViT: patches, a class token laid out for the batch, one encoder layer, Gather of the token. */
  static OnnxModel transformer() {
    GraphLayers net = GraphLayers.ofImages("vit", 4, SIDE);
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
    return net.classifier(CLASSES, first, width);
  }
}

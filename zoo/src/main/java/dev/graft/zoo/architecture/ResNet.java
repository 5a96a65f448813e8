package dev.graft.zoo.architecture;

import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import java.util.List;

/**
 * Residual networks: a convolution of 7x7 pixels and a maximum over 3x3, both of stride 2; four
 * stages of blocks that add to what they are given, {@code relu(x + branch(x))}, of 64, 128, 256
 * and 512 channels, the last three of which begin with stride 2; the mean over all places; a linear
 * layer.
 *
 * <p>A basic block has two convolutions of 3x3. A bottleneck has one of 1x1, one of 3x3, which has
 * the stride (as in torchvision), and one of 1x1 to four times the channels. He et al. 2016, "Deep
 * Residual Learning for Image Recognition", table 1. Weights are named as in torchvision.
 */
public enum ResNet {
  /** Basic blocks; 11.7 million weights for 1,000 classes. */
  RESNET_18(Block.BASIC),
  /** Basic blocks; 21.8 million weights for 1,000 classes. */
  RESNET_34(Block.BASIC),
  /** Bottlenecks; 25.6 million weights for 1,000 classes. */
  RESNET_50(Block.BOTTLENECK);

  private static final int STEM_CHANNELS = 64;

  private enum Block {
    BASIC(1),
    BOTTLENECK(4);

    private final int expansion;

    Block(int expansion) {
      this.expansion = expansion;
    }
  }

  private final Block block;

  ResNet(Block block) {
    this.block = block;
  }

  private List<Integer> blocksOfStages() {
    return switch (this) {
      case RESNET_18 -> List.of(2, 2, 2, 2);
      case RESNET_34, RESNET_50 -> List.of(3, 4, 6, 3);
    };
  }

  /**
   * The network with fresh weights.
   *
   * @param seed the same seed gives the same weights
   */
  public OnnxModel build(ImageTask task, NormForm norms, long seed) {
    NetworkLayers net = new NetworkLayers(name().toLowerCase(java.util.Locale.ROOT), task);
    Convolutions convolutions = new Convolutions(net, norms);
    String x = net.relu(convolutions.normed("conv1", "bn1", NetworkLayers.INPUT, 3, 64, 7, 2));
    x =
        net.node(
            Node.of("MaxPool", List.of(x), List.of("maxpool"))
                .withIntegers("kernel_shape", 3, 3)
                .withIntegers("strides", 2, 2)
                .withIntegers("pads", 1, 1, 1, 1));
    int from = STEM_CHANNELS;
    List<Integer> stages = blocksOfStages();
    for (int stage = 0; stage < stages.size(); stage++) {
      int inner = STEM_CHANNELS << stage;
      for (int i = 0; i < stages.get(stage); i++) {
        int stride = i == 0 && stage > 0 ? 2 : 1;
        x = residual(convolutions, "layer" + (stage + 1) + "." + i, x, from, inner, stride);
        from = inner * block.expansion;
      }
    }
    x = net.node("GlobalAveragePool", x);
    return net.classifier(net.node("Flatten", x), from, seed); // [N, C, 1, 1] -> [N, C]
  }

  private String residual(
      Convolutions convolutions, String name, String x, int from, int inner, int stride) {
    NetworkLayers net = convolutions.net();
    int to = inner * block.expansion;
    String branch =
        switch (block) {
          case BASIC -> {
            String y = convolutions.inBlock(name, 1, x, from, inner, 3, stride);
            yield convolutions.inBlock(name, 2, net.relu(y), inner, to, 3, 1);
          }
          case BOTTLENECK -> {
            String y = convolutions.inBlock(name, 1, x, from, inner, 1, 1);
            y = convolutions.inBlock(name, 2, net.relu(y), inner, inner, 3, stride);
            yield convolutions.inBlock(name, 3, net.relu(y), inner, to, 1, 1);
          }
        };
    String shortcut = x;
    if (stride != 1 || from != to) {
      String down = name + ".downsample.";
      shortcut = convolutions.normed(down + "0", down + "1", x, from, to, 1, stride);
    }
    return net.relu(net.node("Add", branch, shortcut));
  }

  /** Convolutions with batch normalisation in one of its forms. */
  private record Convolutions(NetworkLayers net, NormForm norms) {
    String inBlock(String block, int number, String x, int from, int to, int kernel, int stride) {
      return normed(block + ".conv" + number, block + ".bn" + number, x, from, to, kernel, stride);
    }

    String normed(
        String convolution, String norm, String x, int from, int to, int kernel, int stride) {
      return switch (norms) {
        case FOLDED -> net.convolution(convolution, x, from, to, kernel, stride);
        case BATCH_NORM ->
            net.batchNorm(norm, net.plainConvolution(convolution, x, from, to, kernel, stride), to);
      };
    }
  }
}

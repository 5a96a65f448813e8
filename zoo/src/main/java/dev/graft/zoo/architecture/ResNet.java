package dev.graft.zoo.architecture;

import dev.graft.onnx.OnnxModel;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * Residual networks: a stem that shrinks the image; stages of blocks that add to what they are
 * given, {@code relu(x + branch(x))}, each stage but the first beginning with stride 2; the mean
 * over all places; a linear layer. They take images of any size.
 *
 * <p>He et al. 2016, "Deep Residual Learning for Image Recognition", table 1. Weights are named as
 * in torchvision.
 *
 * @param block what the stages are made of
 * @param blocksOfStages number of blocks in each stage
 * @param channels channels inside the blocks of each stage; the first is the stem's as well
 * @param stem the layers before the first stage
 * @param shortcut how a block that changes size or channels brings its input to the new ones
 */
public record ResNet(
    Block block, List<Integer> blocksOfStages, List<Integer> channels, Stem stem, Shortcut shortcut)
    implements ImageArchitecture {
  private static final float EPSILON = 1e-5f;
  private static final int MOST_CHANNELS = 65_536;
  private static final List<Integer> PUBLISHED_CHANNELS = List.of(64, 128, 256, 512);

  /** Basic blocks; 11.7 million weights for 1,000 classes. */
  public static final ResNet RESNET_18 = published(Block.BASIC, 2, 2, 2, 2);

  /** Basic blocks; 21.8 million weights for 1,000 classes. */
  public static final ResNet RESNET_34 = published(Block.BASIC, 3, 4, 6, 3);

  /** Bottlenecks; 25.6 million weights for 1,000 classes. */
  public static final ResNet RESNET_50 = published(Block.BOTTLENECK, 3, 4, 6, 3);

  /** The branch of a block. */
  public enum Block {
    /** Two convolutions of 3x3, the first of which has the stride. */
    BASIC(1, 2),
    /**
     * One convolution of 1x1, one of 3x3, which has the stride (as in torchvision), and one of 1x1
     * to four times the channels.
     */
    BOTTLENECK(4, 3);

    private final int expansion;
    private final int convolutions;

    Block(int expansion, int convolutions) {
      this.expansion = expansion;
      this.convolutions = convolutions;
    }
  }

  /** The layers before the first stage. */
  public enum Stem {
    /** A convolution of 7x7 and a maximum over 3x3, both of stride 2: for photos of 224 pixels. */
    QUARTERED(4),
    /** A convolution of 3x3 of stride 2: for images of 32 to 128 pixels. */
    HALVED(2);

    private final int stride;

    Stem(int stride) {
      this.stride = stride;
    }
  }

  /** How a block that changes size or channels brings its input to the new ones. */
  public enum Shortcut {
    /** A convolution of 1x1, which leaves out three of four places where the size is halved. */
    STRIDED,
    /**
     * The mean of 2x2 places before a convolution of 1x1, which leaves out nothing (He et al. 2019,
     * "Bag of Tricks for Image Classification", figure 2c).
     */
    AVERAGED
  }

  /** Checks that there is a width for each stage. */
  public ResNet {
    blocksOfStages = List.copyOf(blocksOfStages);
    channels = List.copyOf(channels);
    boolean ranged =
        channels.stream().allMatch(width -> width > 0 && width <= MOST_CHANNELS)
            && blocksOfStages.stream().allMatch(count -> count > 0);
    if (channels.isEmpty() || channels.size() != blocksOfStages.size() || !ranged) {
      throw new IllegalArgumentException(
          "a residual network of %d stages needs as many widths of 1 to %d but has %s"
              .formatted(blocksOfStages.size(), MOST_CHANNELS, channels));
    }
  }

  private static ResNet published(Block block, Integer... blocksOfStages) {
    return new ResNet(
        block, List.of(blocksOfStages), PUBLISHED_CHANNELS, Stem.QUARTERED, Shortcut.STRIDED);
  }

  @Override
  public ImageTask task(OptionalInt side, int classes) {
    return new ImageTask(side, classes);
  }

  @Override
  public ResNet withChannels(List<Integer> widths) {
    return new ResNet(block, blocksOfStages, widths, stem, shortcut);
  }

  @Override
  public ResNet withWidthTimes(double factor) {
    ChannelRounding.checked(factor);
    return withChannels(
        channels.stream().map(width -> ChannelRounding.toMultipleOfEight(factor * width)).toList());
  }

  /**
   * The same for images of 32 to 128 pixels: a small stem, and shortcuts that leave nothing out.
   */
  @Override
  public ResNet forSmallImages() {
    return new ResNet(block, blocksOfStages, channels, Stem.HALVED, Shortcut.AVERAGED);
  }

  @Override
  public OnnxModel build(ImageTask task, long seed) {
    return build(task, NormForm.BATCH_NORM, seed);
  }

  /**
   * The network with fresh weights.
   *
   * @param seed the same seed gives the same weights
   */
  public OnnxModel build(ImageTask task, NormForm norms, long seed) {
    NetworkLayers net = new NetworkLayers("resnet", task.input(), task.classes());
    NormedConvolutions convolutions = new NormedConvolutions(net, norms, EPSILON);
    int from = channels.get(0);
    String x = stem(convolutions, from);
    for (int stage = 0; stage < blocksOfStages.size(); stage++) {
      int inner = channels.get(stage);
      for (int i = 0; i < blocksOfStages.get(stage); i++) {
        int stride = i == 0 && stage > 0 ? 2 : 1;
        x = residual(convolutions, "layer" + (stage + 1) + "." + i, x, from, inner, stride);
        from = inner * block.expansion;
      }
    }
    return net.classifier("fc", net.pooled(x), from, seed);
  }

  /** Named after the number of its layers that have weights, but for those of shortcuts. */
  @Override
  public String describe() {
    int blocks = blocksOfStages.stream().mapToInt(Integer::intValue).sum();
    String widths = channels.stream().map(String::valueOf).collect(Collectors.joining(", "));
    String start = "ResNet-" + (2 + blocks * block.convolutions) + " with " + widths + " channels";
    return switch (shortcut) {
      case STRIDED -> start + " and a stem of stride " + stem.stride;
      case AVERAGED ->
          start + ", a stem of stride " + stem.stride + " and average-pooled shortcuts";
    };
  }

  @Override
  public String reference() {
    String network =
        "He et al. 2016, \"Deep Residual Learning for Image Recognition\","
            + " https://arxiv.org/abs/1512.03385";
    return switch (shortcut) {
      case STRIDED -> network;
      case AVERAGED ->
          network
              + "; shortcuts of He et al. 2019, \"Bag of Tricks for Image Classification with"
              + " Convolutional Neural Networks\", https://arxiv.org/abs/1812.01187";
    };
  }

  private String stem(NormedConvolutions convolutions, int width) {
    NetworkLayers net = convolutions.net();
    int side =
        switch (stem) {
          case QUARTERED -> 7;
          case HALVED -> 3;
        };
    String x =
        net.relu(
            convolutions.normed("conv1", "bn1", ImageTask.INPUT, Filters.of(3, width, side, 2)));
    return switch (stem) {
      case QUARTERED -> net.halvedByMaximum(x);
      case HALVED -> x;
    };
  }

  private String residual(
      NormedConvolutions convolutions, String name, String x, int from, int inner, int stride) {
    NetworkLayers net = convolutions.net();
    int to = inner * block.expansion;
    String branch =
        switch (block) {
          case BASIC -> {
            String y = inBlock(convolutions, name, 1, x, Filters.of(from, inner, 3, stride));
            yield inBlock(convolutions, name, 2, net.relu(y), Filters.of(inner, to, 3, 1));
          }
          case BOTTLENECK -> {
            String y = inBlock(convolutions, name, 1, x, Filters.pointwise(from, inner));
            y = inBlock(convolutions, name, 2, net.relu(y), Filters.of(inner, inner, 3, stride));
            yield inBlock(convolutions, name, 3, net.relu(y), Filters.pointwise(inner, to));
          }
        };
    return net.relu(net.node("Add", branch, shortcut(convolutions, name, x, from, to, stride)));
  }

  private static String inBlock(
      NormedConvolutions convolutions, String block, int number, String x, Filters filters) {
    return convolutions.normed(block + ".conv" + number, block + ".bn" + number, x, filters);
  }

  private String shortcut(
      NormedConvolutions convolutions, String name, String x, int from, int to, int stride) {
    if (stride == 1 && from == to) {
      return x;
    }
    boolean averaged = shortcut == Shortcut.AVERAGED && stride == 2;
    String down = name + ".downsample.";
    return convolutions.normed(
        down + "0",
        down + "1",
        averaged ? convolutions.net().halvedByMean(x) : x,
        Filters.of(from, to, 1, averaged ? 1 : stride));
  }
}

package dev.graft.zoo.architecture;

import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import java.util.List;
import java.util.OptionalInt;

/**
 * MobileNetV3-Small: inverted residuals, {@code x + project(excite(depthwise(expand(x))))}, whose
 * convolutions of many channels look at one channel each; the mean over all places; a hidden layer
 * and a linear one. It takes images of any size.
 *
 * <p>Howard et al. 2019, "Searching for MobileNetV3", table 2 and section 5. Weights are named as
 * in torchvision; nothing is dropped out of the hidden layer.
 *
 * @param width factor on all numbers of channels, above 0 and at most 4; they are rounded to
 *     multiples of 8
 * @param stem the stride of the first layer
 */
public record MobileNetV3(double width, Stem stem) implements ImageArchitecture {
  /** 2.5 million weights for 1,000 classes. */
  public static final MobileNetV3 SMALL = new MobileNetV3(1, Stem.HALVED);

  private static final float EPSILON = 1e-3f;
  private static final int STEM_CHANNELS = 16;
  private static final int HIDDEN_CHANNELS = 1024;

  /** Channels of the last convolution for each of the last block. */
  private static final int LAST_EXPANSION = 6;

  /** Channels inside a block for each that its squeezed vector has. */
  private static final int SQUEEZE = 4;

  private static final List<Block> BLOCKS =
      List.of(
          new Block(3, 16, 16, true, "Relu", 2),
          new Block(3, 72, 24, false, "Relu", 2),
          new Block(3, 88, 24, false, "Relu", 1),
          new Block(5, 96, 40, true, "HardSwish", 2),
          new Block(5, 240, 40, true, "HardSwish", 1),
          new Block(5, 240, 40, true, "HardSwish", 1),
          new Block(5, 120, 48, true, "HardSwish", 1),
          new Block(5, 144, 48, true, "HardSwish", 1),
          new Block(5, 288, 96, true, "HardSwish", 2),
          new Block(5, 576, 96, true, "HardSwish", 1),
          new Block(5, 576, 96, true, "HardSwish", 1));

  /** The first layer. */
  public enum Stem {
    /** Stride 2, which with the blocks makes 7 x 7 places of 224 pixels. */
    HALVED(2),
    /** Stride 1, for images of 32 to 128 pixels. */
    WHOLE(1);

    private final int stride;

    Stem(int stride) {
      this.stride = stride;
    }
  }

  /** A row of the paper's table: filters, channels inside and after, attention, stride. */
  private record Block(
      int side, int inner, int to, boolean excited, String activation, int stride) {}

  /** Checks the width. */
  public MobileNetV3 {
    ChannelRounding.checked(width);
  }

  @Override
  public ImageTask task(OptionalInt side, int classes) {
    return new ImageTask(side, classes);
  }

  /** Always refused: the numbers of channels stand in the paper's table. */
  @Override
  public MobileNetV3 withChannels(List<Integer> channels) {
    throw new IllegalArgumentException(
        "MobileNetV3 has channels by its table, not by stage: give a factor on all of them"
            + " instead");
  }

  @Override
  public MobileNetV3 withWidthTimes(double factor) {
    return new MobileNetV3(width * factor, stem);
  }

  /** The same for images of 32 to 128 pixels: the first layer does not shrink them. */
  @Override
  public MobileNetV3 forSmallImages() {
    return new MobileNetV3(width, Stem.WHOLE);
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
    NetworkLayers net = new NetworkLayers("mobilenet_v3_small", task.input(), task.classes());
    NormedConvolutions convolutions = new NormedConvolutions(net, norms, EPSILON);
    int from = channels(STEM_CHANNELS);
    Filters first = Filters.of(3, from, 3, stem.stride);
    String x = net.node("HardSwish", normed(convolutions, "features.0", ImageTask.INPUT, first));
    int number = 1;
    for (Block block : BLOCKS) {
      x = inverted(convolutions, "features." + number++, block, x, from);
      from = channels(block.to());
    }
    int last = LAST_EXPANSION * from;
    x = normed(convolutions, "features." + number, x, Filters.pointwise(from, last));
    String features = net.pooled(net.node("HardSwish", x));
    int hidden = channels(HIDDEN_CHANNELS);
    String y = net.node("HardSwish", net.dense("classifier.0", features, last, hidden));
    return net.classifier("classifier.3", y, hidden, seed);
  }

  @Override
  public String describe() {
    String times = width == 1 ? "" : width + " times the channels and ";
    return "MobileNetV3-Small with " + times + "a stem of stride " + stem.stride;
  }

  @Override
  public String reference() {
    return "Howard et al. 2019, \"Searching for MobileNetV3\", https://arxiv.org/abs/1905.02244";
  }

  private String inverted(
      NormedConvolutions convolutions, String name, Block block, String x, int from) {
    NetworkLayers net = convolutions.net();
    int inner = channels(block.inner());
    int to = channels(block.to());
    int part = 0;
    String y = x;
    if (inner != from) {
      y = normed(convolutions, part(name, part++), y, Filters.pointwise(from, inner));
      y = net.node(block.activation(), y);
    }
    Filters eachChannel = Filters.depthwise(inner, block.side(), block.stride());
    y = normed(convolutions, part(name, part++), y, eachChannel);
    y = net.node(block.activation(), y);
    if (block.excited()) {
      y = excited(net, part(name, part++), y, inner);
    }
    y = normed(convolutions, part(name, part), y, Filters.pointwise(inner, to));
    return block.stride() == 1 && from == to ? net.node("Add", y, x) : y;
  }

  /** x times a factor for each channel, which the means of all channels tell (section 5.3). */
  private static String excited(NetworkLayers net, String name, String x, int channels) {
    int quarter = channels / SQUEEZE;
    int inner = ChannelRounding.toMultipleOfEight(quarter);
    String mean = net.node("GlobalAveragePool", x); // [N, C, H, W] -> [N, C, 1, 1]
    String y = net.convolution(name + ".fc1", mean, Filters.pointwise(channels, inner));
    y = net.convolution(name + ".fc2", net.relu(y), Filters.pointwise(inner, channels));
    Node gate = Node.of("HardSigmoid", List.of(y), List.of(net.fresh("HardSigmoid")));
    // relu6(x + 3) / 6; the operator's own slope is 1/5
    return net.node("Mul", net.node(gate.withReal("alpha", 1 / 6f).withReal("beta", 0.5f)), x);
  }

  private static String normed(
      NormedConvolutions convolutions, String name, String x, Filters filters) {
    return convolutions.normed(name + ".0", name + ".1", x, filters);
  }

  private static String part(String block, int number) {
    return block + ".block." + number;
  }

  private int channels(int published) {
    return ChannelRounding.toMultipleOfEight(published * width);
  }
}

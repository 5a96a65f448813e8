package dev.graft.zoo.architecture;

import dev.graft.onnx.OnnxModel;
import java.util.List;
import java.util.OptionalInt;

/**
 * A network of images that can be built from fresh weights: a published one, or a variant of it for
 * other images or other means. Immutable.
 */
public sealed interface Architecture permits ResNet, MobileNetV3, VisionTransformer {
  /**
   * The published architecture of a name, such as {@code resnet-18}. Case, hyphens, underscores and
   * dots do not count.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  static Architecture named(String name) {
    return PublishedArchitectures.named(name);
  }

  /** The names, each kind from small to large. */
  static List<String> names() {
    return PublishedArchitectures.names();
  }

  /**
   * The task of this many classes, on images of one size or, where {@code side} is empty and the
   * network can take them, of any; a transformer's is then 14 patches along each side.
   */
  ImageTask task(OptionalInt side, int classes);

  /**
   * The same with these channels, one number for each stage.
   *
   * @throws IllegalArgumentException if the network has no such stages, or not as many
   */
  Architecture withChannels(List<Integer> channels);

  /**
   * The same with {@code factor} times the channels, rounded to multiples of 8.
   *
   * @throws IllegalArgumentException if the factor is not above 0 and at most 4, or the network's
   *     width is bound to its heads
   */
  Architecture withWidthTimes(double factor);

  /** The same for images of 32 to 128 pixels: its first layers shrink them less. */
  Architecture forSmallImages();

  /** The same for images of this scale. */
  default Architecture at(ImageScale scale) {
    return switch (scale) {
      case SMALL -> forSmallImages();
      case PHOTO -> this;
    };
  }

  /**
   * The network with fresh weights, to be trained: where it has batch norms, they are nodes of
   * their own.
   *
   * @param seed the same seed gives the same weights
   * @throws IllegalArgumentException if the images do not fit the network, or it fits in no file
   */
  OnnxModel build(ImageTask task, long seed);

  /** The network in words for a model card, such as "ResNet-18 with 64, 128, ... channels". */
  String describe();

  /** Authors, year, title and address of the papers. */
  String reference();
}

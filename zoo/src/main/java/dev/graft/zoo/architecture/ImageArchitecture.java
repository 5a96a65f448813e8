package dev.graft.zoo.architecture;

import dev.graft.onnx.OnnxModel;
import java.util.List;
import java.util.OptionalInt;

/** A network of images. */
public sealed interface ImageArchitecture extends Architecture
    permits ResNet, MobileNetV3, VisionTransformer {
  /**
   * The published architecture of a name, as {@link Architecture#named}.
   *
   * @throws IllegalArgumentException if there is none, or it is one of sound
   */
  static ImageArchitecture named(String name) {
    return PublishedArchitectures.named(name, ImageArchitecture.class, "images");
  }

  /** The names, each kind from small to large. */
  static List<String> names() {
    return PublishedArchitectures.names(ImageArchitecture.class);
  }

  /**
   * The task of this many classes, on images of one size or, where {@code side} is empty and the
   * network can take them, of any; a transformer's is then 14 patches along each side.
   */
  ImageTask task(OptionalInt side, int classes);

  @Override
  ImageArchitecture withChannels(List<Integer> channels);

  @Override
  ImageArchitecture withWidthTimes(double factor);

  /** The same for images of 32 to 128 pixels: its first layers shrink them less. */
  ImageArchitecture forSmallImages();

  /** The same for images of this scale. */
  default ImageArchitecture at(ImageScale scale) {
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
}

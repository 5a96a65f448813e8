package dev.graft.zoo.architecture;

import java.util.List;

/**
 * A network that can be built from fresh weights: a published one, or a variant of it for other
 * inputs or other means. Immutable.
 */
public sealed interface Architecture
    permits ImageArchitecture, SoundArchitecture, TextArchitecture {
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
    return PublishedArchitectures.names(Architecture.class);
  }

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

  /** The network in words for a model card, such as "ResNet-18 with 64, 128, ... channels". */
  String describe();

  /** Authors, year, title and address of the papers. */
  String reference();
}

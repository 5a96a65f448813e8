package dev.graft.zoo.architecture;

import dev.graft.onnx.OnnxModel;
import java.util.List;

/** A network of text, which takes the numbers of its tokens. */
public sealed interface TextArchitecture extends Architecture permits TextConv {
  /**
   * The architecture of a name, as {@link Architecture#named}.
   *
   * @throws IllegalArgumentException if there is none, or it is one of something else
   */
  static TextArchitecture named(String name) {
    return PublishedArchitectures.named(name, TextArchitecture.class, "texts");
  }

  /** The names, from small to large. */
  static List<String> names() {
    return PublishedArchitectures.names(TextArchitecture.class);
  }

  @Override
  TextArchitecture withChannels(List<Integer> channels);

  @Override
  TextArchitecture withWidthTimes(double factor);

  /**
   * The network with fresh weights, to be trained.
   *
   * @param seed the same seed gives the same weights
   * @throws IllegalArgumentException if it fits in no file
   */
  OnnxModel build(TextTask task, long seed);

  /** The numbers in the vector of a token. */
  int tokenWidth();

  /**
   * A network of {@link #build} that begins with vectors of its tokens that were learned without
   * labels.
   *
   * @param vectors [vocabulary size, token width], row-major, each of length 1 or 0
   * @param rarity how much each token counts, about 1
   * @throws IllegalArgumentException where there are more or fewer
   */
  OnnxModel beginningWith(OnnxModel fresh, float[] vectors, float[] rarity);
}

package dev.graft.zoo.architecture;

import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.frontend.FrontEnd;
import java.util.List;

/** A network of sound, with its front end in the graph. */
public sealed interface SoundArchitecture extends Architecture permits SpeechResNet {
  /**
   * The published architecture of a name, as {@link Architecture#named}.
   *
   * @throws IllegalArgumentException if there is none, or it is one of images
   */
  static SoundArchitecture named(String name) {
    return PublishedArchitectures.named(name, SoundArchitecture.class, "sound");
  }

  /** The names, each kind from small to large. */
  static List<String> names() {
    return PublishedArchitectures.names(SoundArchitecture.class);
  }

  @Override
  SoundArchitecture withChannels(List<Integer> channels);

  @Override
  SoundArchitecture withWidthTimes(double factor);

  /** The same behind another front end. */
  SoundArchitecture behind(FrontEnd frontEnd);

  /** What turns its waveforms into spectrograms. */
  FrontEnd frontEnd();

  /**
   * The network with fresh weights, to be trained: batch norms are nodes of their own.
   *
   * @param seed the same seed gives the same weights
   * @throws IllegalArgumentException if the examples are too short, or it fits in no file
   */
  OnnxModel build(SoundTask task, long seed);
}

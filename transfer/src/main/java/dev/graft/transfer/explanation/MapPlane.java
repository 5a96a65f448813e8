package dev.graft.transfer.explanation;

import dev.graft.onnx.OnnxModel;

/**
 * The tensor [1, channels, height, width] in whose places maps are laid: what later tensors look at
 * is told in shares of it.
 */
sealed interface MapPlane permits MapPlane.Input, SoundAxes {
  /** Its name. */
  String tensor();

  /** The number of its rows. */
  int height();

  /** The number of its columns. */
  int width();

  /** A map in shares of the plane as one in shares of what people are shown. */
  HeatGrid laid(HeatGrid map);

  /** The input of a network, which is shown as it is. */
  record Input(String tensor, int height, int width) implements MapPlane {
    static Input of(OnnxModel network, int height, int width) {
      return new Input(network.graph().inputs().get(0).name(), height, width);
    }

    @Override
    public HeatGrid laid(HeatGrid map) {
      return map;
    }
  }
}

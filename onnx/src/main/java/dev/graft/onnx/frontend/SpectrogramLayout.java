package dev.graft.onnx.frontend;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.OnnxModelException;
import dev.graft.onnx.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * In which order an encoder takes a spectrogram: [N, T, bands] or [N, bands, T], with or without an
 * axis of length 1 beside them.
 *
 * @param dimensions of the encoder's input
 * @param timeAxis the axis of the frames
 * @param bandAxis the axis of the bands
 */
record SpectrogramLayout(List<Dimension> dimensions, int timeAxis, int bandAxis) {
  /**
   * The layout of an input.
   *
   * @param frontEnd whose bands one axis has
   * @throws OnnxModelException if the input has no axis of that many bands beside one for frames
   */
  static SpectrogramLayout of(ValueInfo input, FrontEnd frontEnd, String source) {
    List<Dimension> dimensions = input.shape().orElse(List.of());
    List<Integer> wide = new ArrayList<>();
    for (int axis = 1; axis < dimensions.size(); axis++) {
      if (dimensions.get(axis).sizeOr(0) != 1) {
        wide.add(axis);
      }
    }
    boolean ranked = dimensions.size() == 3 || dimensions.size() == 4;
    if (ranked && wide.size() == 2) {
      int first = wide.get(0);
      int last = wide.get(1);
      if (input.size(last) == frontEnd.bands()) {
        return new SpectrogramLayout(dimensions, first, last);
      }
      if (input.size(first) == frontEnd.bands()) {
        return new SpectrogramLayout(dimensions, last, first);
      }
    }
    throw new OnnxModelException(
        "%s: takes %s; expected a spectrogram of the front end %s, [N, T, %d], [N, %d, T], or one with a further axis of length 1. Choose the front end that the encoder was trained with."
            .formatted(
                source, input.describe(), frontEnd.name(), frontEnd.bands(), frontEnd.bands()));
  }

  /** The number of frames; 0 where the encoder takes any. */
  int frames() {
    return Math.toIntExact(dimensions.get(timeAxis).sizeOr(0));
  }

  boolean isBandsFirst() {
    return bandAxis < timeAxis;
  }

  /** A Reshape target from [.., frames, bands], in the encoder's order, to the encoder's rank. */
  long[] target(long examples, long frames) {
    long[] target = new long[dimensions.size()];
    for (int axis = 1; axis < target.length; axis++) {
      target[axis] = dimensions.get(axis).sizeOr(frames);
    }
    target[0] = examples;
    target[timeAxis] = frames;
    return target;
  }
}

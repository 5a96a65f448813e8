package dev.graft.onnx;

import static dev.graft.onnx.TensorFacts.UNKNOWN;

/** The shape rules of Fourier transforms, windows and filter banks. */
final class SignalShapes {
  private SignalShapes() {}

  private static long first(TensorFacts facts) {
    long[] values = facts.values();
    return values == null || values.length == 0 ? UNKNOWN : values[0];
  }

  /** The axis takes the length of the transform; the last axis holds the parts of the numbers. */
  static TensorFacts fourier(Node node, TensorFacts x, TensorFacts length, TensorFacts axis) {
    long[] dimensions = x.dimensions();
    long place = node.hasInput(2) ? first(axis) : node.integer("axis", UNKNOWN);
    if (dimensions == null || place == UNKNOWN) {
      return ShapeArithmetic.unknownSizes(x); // the axis that is meant depends on the operator set
    }
    boolean oneSided = node.integer("onesided", 0) == 1;
    boolean inverse = node.integer("inverse", 0) == 1;
    long[] result = dimensions.clone();
    int index = ShapeArithmetic.axis(place, result.length);
    long points =
        node.hasInput(1) ? first(length) : defaultPoints(result[index], oneSided, inverse);
    result[index] = oneSided && !inverse ? half(points) : points;
    result[result.length - 1] = oneSided && inverse ? 1 : 2;
    return TensorFacts.shaped(x.type(), result);
  }

  private static long defaultPoints(long size, boolean oneSided, boolean inverse) {
    return size != UNKNOWN && oneSided && inverse ? 2 * (size - 1) : size;
  }

  private static long half(long points) {
    return points == UNKNOWN ? UNKNOWN : points / 2 + 1;
  }

  /** [batch, samples, ..] to [batch, frames, bins, 2]. */
  static TensorFacts shortTimeFourier(
      Node node, TensorFacts signal, TensorFacts step, TensorFacts window, TensorFacts length) {
    long samples = signal.size(1);
    long frame = node.hasInput(3) ? first(length) : node.hasInput(2) ? window.size(0) : samples;
    long stride = first(step);
    boolean known = samples != UNKNOWN && frame != UNKNOWN && stride != UNKNOWN && stride > 0;
    return TensorFacts.shaped(
        signal.type(),
        signal.size(0),
        known ? (samples - frame) / stride + 1 : UNKNOWN,
        node.integer("onesided", 1) == 1 ? half(frame) : frame,
        2);
  }

  static TensorFacts window(Node node, TensorFacts size) {
    return TensorFacts.shaped(outputType(node), first(size));
  }

  /** [bins of half a spectrum, bands]. */
  static TensorFacts melWeights(Node node, TensorFacts bands, TensorFacts length) {
    return TensorFacts.shaped(outputType(node), half(first(length)), first(bands));
  }

  private static ElementType outputType(Node node) {
    return ElementType.ofOnnxCode(
        (int) node.integer("output_datatype", ElementType.FLOAT.onnxCode()));
  }
}

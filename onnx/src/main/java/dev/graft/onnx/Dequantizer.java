package dev.graft.onnx;

import java.util.Optional;

/**
 * Real values of quantised weights: {@code (quantised - zeroPoint) * scale}.
 *
 * <p>Source: onnx/docs/Operators.md, DequantizeLinear. Blocked quantisation (block_size) is not
 * covered.
 */
final class Dequantizer {
  private Dequantizer() {}

  /** The value of a DequantizeLinear node whose scale and zero point are constant. */
  static Optional<OnnxTensor> dequantized(Graph graph, Node node, OnnxTensor quantised) {
    Optional<OnnxTensor> scale = graph.constant(node.input(1));
    Optional<OnnxTensor> zeroPoint =
        node.hasInput(2) ? graph.constant(node.input(2)) : Optional.empty();
    boolean unknownZeroPoint = node.hasInput(2) && zeroPoint.isEmpty();
    if (scale.isEmpty()
        || unknownZeroPoint
        || node.integer("block_size", 0) > 0
        || !quantised.type().isInteger()) {
      return Optional.empty();
    }
    int axis = (int) node.integer("axis", 1);
    return Optional.of(
        dequantized(
            quantised,
            scale.get().toFloats(),
            zeroPoint.map(OnnxTensor::toLongs).orElse(new long[] {0}),
            axis));
  }

  /**
   * Dequantises a tensor.
   *
   * @param scale one value, or one for each index of {@code axis}
   * @param zeroPoint one value, or one for each index of {@code axis}
   */
  static OnnxTensor dequantized(OnnxTensor quantised, float[] scale, long[] zeroPoint, int axis) {
    long[] shape = quantised.shape();
    int index = axis < 0 ? axis + shape.length : axis;
    long inner = 1;
    for (int i = index + 1; i < shape.length; i++) {
      inner *= shape[i];
    }
    long channels = index < shape.length ? shape[index] : 1;
    checkLength(quantised, scale.length, channels, "scales");
    checkLength(quantised, zeroPoint.length, channels, "zero points");
    long[] values = quantised.toLongs();
    float[] result = new float[values.length];
    for (int i = 0; i < result.length; i++) {
      int channel = (int) ((i / inner) % channels);
      long zero = zeroPoint[zeroPoint.length == 1 ? 0 : channel];
      result[i] = (values[i] - zero) * scale[scale.length == 1 ? 0 : channel];
    }
    return OnnxTensor.ofFloats(quantised.name(), result, shape);
  }

  private static void checkLength(OnnxTensor tensor, int found, long channels, String what) {
    if (found != 1 && found != channels) {
      throw new OnnxModelException(
          "tensor \"%s\" of %s has %d %s; expected 1 or %d. Take the fp32 file of this model."
              .formatted(tensor.name(), tensor.describe(), found, what, channels));
    }
  }
}

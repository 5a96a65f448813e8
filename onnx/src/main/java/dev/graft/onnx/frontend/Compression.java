package dev.graft.onnx.frontend;

import java.util.OptionalDouble;

/**
 * What is made of the energy x in a band: {@code gain max(z, max z - range) + offset}, where z is
 * {@code ln(x + floor)} or {@code ln max(x, floor)} and max z the largest of the example.
 *
 * @param floor what keeps the logarithm finite
 * @param form how it does so
 * @param range how far below the largest value the others may lie; empty for any distance
 */
record Compression(double floor, Form form, OptionalDouble range, double gain, double offset) {
  /** How the floor keeps the logarithm finite. */
  enum Form {
    ADDED,
    LEAST
  }

  /** {@code ln(x + floor)}. */
  static Compression lnOfSum(double floor) {
    return new Compression(floor, Form.ADDED, OptionalDouble.empty(), 1, 0);
  }

  /** {@code gain ln max(x, floor) + offset}. */
  static Compression lnOfLargest(double floor, double gain, double offset) {
    return new Compression(floor, Form.LEAST, OptionalDouble.empty(), gain, offset);
  }

  /**
   * {@code (log10 max(x, 1e-10), but at most 8 below the example's largest, + added) / divisor}.
   */
  static Compression eightDecades(double added, double divisor) {
    return new Compression(
        1e-10,
        Form.LEAST,
        OptionalDouble.of(8 * Math.log(10)),
        1 / (Math.log(10) * divisor),
        added / divisor);
  }
}

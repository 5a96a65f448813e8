package dev.graft.engine.operator;

import java.util.Arrays;

/** Spatial window arithmetic of convolutions and poolings: ONNX's pads in libtorch's terms. */
record Padding(long[] begin, long[] end) {

  /**
   * The pads of a windowed operator, from {@code pads} or {@code auto_pad} (ONNX operators, Conv).
   *
   * @param input lengths of the spatial axes
   * @param kernel window lengths
   * @param strides steps
   * @param dilations distances between the window's elements
   */
  static Padding of(Call call, long[] input, long[] kernel, long[] strides, long[] dilations) {
    int axes = kernel.length;
    String automatic = call.node().text("auto_pad", "NOTSET");
    long[] begin = new long[axes];
    long[] end = new long[axes];
    if (automatic.startsWith("SAME")) {
      for (int axis = 0; axis < axes; axis++) {
        long outputs = (input[axis] + strides[axis] - 1) / strides[axis];
        long window = (kernel[axis] - 1) * dilations[axis] + 1;
        long total = Math.max(0, (outputs - 1) * strides[axis] + window - input[axis]);
        begin[axis] = automatic.equals("SAME_LOWER") ? (total + 1) / 2 : total / 2;
        end[axis] = total - begin[axis];
      }
    } else if (automatic.equals("NOTSET")) {
      long[] pads = call.integers("pads", new long[2 * axes]);
      if (pads.length != 2 * axes) {
        throw call.failure(
            "pads must hold " + 2 * axes + " numbers but hold " + Arrays.toString(pads) + ".");
      }
      begin = Arrays.copyOfRange(pads, 0, axes);
      end = Arrays.copyOfRange(pads, axes, 2 * axes);
    } else if (!automatic.equals("VALID")) {
      throw call.failure(
          "auto_pad must be NOTSET, SAME_UPPER, SAME_LOWER or VALID but is " + automatic + ".");
    }
    return new Padding(begin, end);
  }

  boolean isSymmetric() {
    return Arrays.equals(begin, end);
  }

  /** The pads in libtorch's order: last axis first, begin and end of each. */
  long[] lastAxisFirst() {
    long[] pads = new long[2 * begin.length];
    for (int axis = 0; axis < begin.length; axis++) {
      int position = 2 * (begin.length - 1 - axis);
      pads[position] = begin[axis];
      pads[position + 1] = end[axis];
    }
    return pads;
  }

  static long[] spatial(long[] shape) {
    return Arrays.copyOfRange(shape, 2, shape.length);
  }

  static long[] ones(int length) {
    long[] ones = new long[length];
    Arrays.fill(ones, 1);
    return ones;
  }
}

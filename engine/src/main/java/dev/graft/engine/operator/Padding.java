package dev.graft.engine.operator;

import java.util.Arrays;

/** Spatial window arithmetic of convolutions and poolings: ONNX's pads in libtorch's terms. */
record Padding(long[] begin, long[] end) {
  /** Above any window or pad of a network; a file that states more is damaged. */
  private static final long LONGEST = 1 << 24;

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
    requireWindow(call, input, kernel, strides, dilations);
    if (call.node().operator().equals("Conv")) {
      Convolutions.requireFilters(call); // here, where fused ones pass as well
    }
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
    long[] reach = call.value(0).shape().clone();
    for (int axis = 0; axis < axes; axis++) {
      reach[axis + 2] += begin[axis] + end[axis];
      requireRoom(call, input[axis], begin[axis], end[axis], span(kernel[axis], dilations[axis]));
    }
    NativeMemory.require(call, reach);
    return new Padding(begin, end);
  }

  /**
   * Strides cut to the padded input, behind whose first window they all lead alike: oneDNN's
   * backward kernels overflow where a step counts more elements than 32 bits hold.
   *
   * @param input lengths of the spatial axes
   */
  long[] within(long[] input, long[] strides) {
    long[] cut = strides.clone();
    for (int axis = 0; axis < cut.length; axis++) {
      cut[axis] = Math.min(cut[axis], Math.max(1, input[axis] + begin[axis] + end[axis]));
    }
    return cut;
  }

  /**
   * libtorch divides by strides and counts of windows without looking, and a division by zero in
   * native code ends the process.
   */
  static void requireWindow(
      Call call, long[] input, long[] kernel, long[] strides, long[] dilations) {
    boolean fits =
        input.length == kernel.length
            && strides.length == kernel.length
            && dilations.length == kernel.length;
    for (int axis = 0; fits && axis < kernel.length; axis++) {
      fits =
          isLength(kernel[axis])
              && isLength(strides[axis])
              && isLength(dilations[axis])
              && span(kernel[axis], dilations[axis]) <= LONGEST;
    }
    if (!fits) {
      throw call.failure(
          "kernel, strides and dilations of 1 to "
              + LONGEST
              + " are expected for each of the "
              + input.length
              + " spatial axes, but they are "
              + Arrays.toString(kernel)
              + ", "
              + Arrays.toString(strides)
              + " and "
              + Arrays.toString(dilations)
              + ".");
    }
  }

  private static boolean isLength(long number) {
    return number >= 1 && number <= LONGEST;
  }

  /** The length of the axis that a window with dilations covers. */
  private static long span(long kernel, long dilation) {
    return (kernel - 1) * dilation + 1;
  }

  private static void requireRoom(Call call, long input, long begin, long end, long window) {
    if (Math.abs(begin) > LONGEST
        || Math.abs(end) > LONGEST
        || input + begin + end < window
        || input < 1) {
      throw call.failure(
          "a window over "
              + window
              + " elements does not fit an axis of length "
              + input
              + " with pads of "
              + begin
              + " and "
              + end
              + ".");
    }
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

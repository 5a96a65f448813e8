package dev.graft.transfer.visualisation;

/**
 * A window of a convolution or a pool along one axis, as ONNX describes it.
 *
 * @param kernel number of taps
 * @param stride positions from one step to the next
 * @param dilation positions from one tap to the next
 * @param before padding before the first position, where {@code padding} is explicit
 * @param behind padding behind the last position, where {@code padding} is explicit
 * @param padding how the padding is said
 * @param rounding what becomes of a last step that does not fit
 */
record SlidingWindow(
    long kernel,
    long stride,
    long dilation,
    long before,
    long behind,
    Padding padding,
    Rounding rounding) {
  /** The values of {@code auto_pad}. */
  enum Padding {
    EXPLICIT,
    VALID,
    /** ceil(length / stride) positions, an odd padding's rest behind. */
    SAME_UPPER,
    /** ceil(length / stride) positions, an odd padding's rest in front. */
    SAME_LOWER
  }

  /** The values of {@code ceil_mode}. */
  enum Rounding {
    FLOOR,
    CEILING
  }

  SlidingWindow {
    if (kernel < 1 || stride < 1 || dilation < 1) {
      throw new ArithmeticException("kernel, stride and dilation are at least 1");
    }
  }

  /** Positions from the first tap to the last, both counted. */
  long extent() {
    return Math.addExact(Math.multiplyExact(kernel - 1, dilation), 1);
  }

  long paddingBefore(long length) {
    return switch (padding) {
      case EXPLICIT -> before;
      case VALID -> 0;
      case SAME_UPPER -> total(length) / 2;
      case SAME_LOWER -> total(length) - total(length) / 2;
    };
  }

  private long total(long length) {
    return Math.max(0, (positions(length) - 1) * stride + extent() - length);
  }

  /** How often the window fits. */
  long positions(long length) {
    if (padding == Padding.SAME_UPPER || padding == Padding.SAME_LOWER) {
      return -Math.floorDiv(-length, stride);
    }
    boolean explicit = padding == Padding.EXPLICIT;
    long room = length + (explicit ? before + behind : 0) - extent();
    if (rounding == Rounding.FLOOR) {
      return Math.floorDiv(room, stride) + 1;
    }
    long steps = -Math.floorDiv(-room, stride);
    // A window that would start in the end padding is left out.
    return steps * stride >= length + (explicit ? before : 0) ? steps : steps + 1;
  }
}

package dev.graft.engine.operator;

import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;

/**
 * Refuses tensors that the memory cannot hold before they are asked for: Linux promises memory that
 * it does not have and ends the process that then uses it.
 *
 * <p>One tensor may take half of the memory that the process may use, which is what the machine has
 * or, where less, JavaCPP's limit ({@code org.bytedeco.javacpp.maxPhysicalBytes}; four times the
 * Java heap unless set).
 */
final class NativeMemory {
  /** With the copy in another element type that many operators make on their way. */
  private static final int BYTES_PER_ELEMENT = 8;

  private static final long LARGEST_ELEMENTS = largestElements();

  /** Results of fewer elements than this are made without looking at their shape. */
  private static final long UNCHECKED_ELEMENTS = 1 << 24;

  private NativeMemory() {}

  private static long largestElements() {
    long limit = Pointer.maxPhysicalBytes();
    long installed = Pointer.totalPhysicalBytes();
    long usable = limit > 0 && limit < installed ? limit : installed;
    return Math.max(UNCHECKED_ELEMENTS, usable / 2 / BYTES_PER_ELEMENT);
  }

  /** Refuses a tensor of this shape where it has too many elements. */
  static void require(Call call, long... shape) {
    long elements = 1;
    for (long length : shape) {
      if (length < 0) {
        throw call.failure("a tensor of shape " + Arrays.toString(shape) + " cannot exist.");
      }
      boolean overflows = length > 0 && elements > Long.MAX_VALUE / length;
      elements = overflows ? Long.MAX_VALUE : elements * length;
    }
    if (elements > LARGEST_ELEMENTS && Arrays.stream(shape).noneMatch(length -> length == 0)) {
      throw call.failure(
          "a tensor of shape "
              + Arrays.toString(shape)
              + " does not fit into memory; at most "
              + LARGEST_ELEMENTS
              + " elements do. Use smaller batches, or check where the graph takes its sizes from.");
    }
  }

  /** Refuses operands that broadcast to a tensor of too many elements. */
  static void requireBroadcast(Call call) {
    double bound = 1;
    for (Value value : call.inputs()) {
      if (value instanceof TensorValue tensor) {
        bound *= tensor.tensor().numel();
      } else if (value instanceof IntegerValue integers) {
        bound *= integers.data().length;
      }
    }
    if (bound < UNCHECKED_ELEMENTS) {
      return; // no result has more elements than all pairs of the operands'
    }
    long[] shape = call.value(0).shape();
    for (int i = 1; i < call.inputs().length; i++) {
      shape = IntegerArithmetic.commonShape(call, shape, call.value(i).shape());
    }
    require(call, shape);
  }
}

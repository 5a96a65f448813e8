package dev.graft.engine;

import java.util.Arrays;

/**
 * Floats with a shape, row-major, in Java memory: what goes into a network and comes out of it.
 *
 * @param values the elements; not copied, so do not change them afterwards
 * @param shape the lengths of the axes; their product is the number of values
 */
public record FloatTensor(float[] values, long... shape) {
  /** Checks that the shape holds as many elements as there are values. */
  public FloatTensor {
    long count = 1;
    for (long length : shape) {
      if (length < 0) {
        throw new IllegalArgumentException("negative axis in shape " + Arrays.toString(shape));
      }
      count = Math.multiplyExact(count, length);
    }
    if (count != values.length) {
      throw new IllegalArgumentException(
          "shape "
              + Arrays.toString(shape)
              + " holds "
              + count
              + " elements, but "
              + values.length
              + " values are given");
    }
  }

  /** The length of the first axis: the number of examples in a batch. */
  public int rows() {
    return Math.toIntExact(shape[0]);
  }

  /** The number of elements of one example. */
  public int width() {
    return rows() == 0 ? 0 : values.length / rows();
  }
}

package dev.graft.runtime;

import java.util.Arrays;

/**
 * Values and shape of one tensor, row-major.
 *
 * <p>The arrays are not copied, neither when given nor when asked for: who shares a tensor between
 * threads must not change its array.
 */
public sealed interface TensorValue {

  /** The size of each axis; empty for a single number. */
  long[] shape();

  /** The number of values: the product of the shape. */
  long elementCount();

  /**
   * Floating-point values.
   *
   * @throws IllegalArgumentException if the shape does not hold exactly these values
   */
  static FloatValues ofFloats(float[] values, long... shape) {
    return new FloatValues(values, checkedShape(values.length, shape));
  }

  /**
   * Integer values.
   *
   * @throws IllegalArgumentException if the shape does not hold exactly these values
   */
  static LongValues ofLongs(long[] values, long... shape) {
    return new LongValues(values, checkedShape(values.length, shape));
  }

  /**
   * Unsigned bytes, 0 to 255.
   *
   * @throws IllegalArgumentException if the shape does not hold exactly these values
   */
  static ByteValues ofBytes(byte[] values, long... shape) {
    return new ByteValues(values, checkedShape(values.length, shape));
  }

  private static long[] checkedShape(int valueCount, long[] shape) {
    long product = 1;
    boolean fits = true;
    for (long size : shape) {
      // A product beyond the array range is wrong already; stopping there also avoids overflow.
      fits &= size >= 0 && size <= Integer.MAX_VALUE && product <= Integer.MAX_VALUE;
      product = fits ? product * size : product;
    }
    if (!fits || product != valueCount) {
      throw new IllegalArgumentException(
          "A tensor of shape "
              + Arrays.toString(shape)
              + " does not hold "
              + valueCount
              + " values; give the shape whose product is the number of values");
    }
    return shape.clone();
  }

  /** Floating-point values; immutable but for the array's content. */
  final class FloatValues implements TensorValue {
    private final float[] values;
    private final long[] shape;

    private FloatValues(float[] values, long[] shape) {
      this.values = values;
      this.shape = shape;
    }

    /** The values themselves, row-major, not a copy. */
    public float[] values() {
      return values;
    }

    @Override
    public long[] shape() {
      return shape.clone();
    }

    @Override
    public long elementCount() {
      return values.length;
    }

    @Override
    public String toString() {
      return "FloatValues" + Arrays.toString(shape);
    }
  }

  /** Integer values; immutable but for the array's content. */
  final class LongValues implements TensorValue {
    private final long[] values;
    private final long[] shape;

    private LongValues(long[] values, long[] shape) {
      this.values = values;
      this.shape = shape;
    }

    /** The values themselves, row-major, not a copy. */
    public long[] values() {
      return values;
    }

    @Override
    public long[] shape() {
      return shape.clone();
    }

    @Override
    public long elementCount() {
      return values.length;
    }

    @Override
    public String toString() {
      return "LongValues" + Arrays.toString(shape);
    }
  }

  /** Unsigned bytes; immutable but for the array's content. */
  final class ByteValues implements TensorValue {
    private final byte[] values;
    private final long[] shape;

    private ByteValues(byte[] values, long[] shape) {
      this.values = values;
      this.shape = shape;
    }

    /** The values themselves, row-major, not a copy. */
    public byte[] values() {
      return values;
    }

    @Override
    public long[] shape() {
      return shape.clone();
    }

    @Override
    public long elementCount() {
      return values.length;
    }

    @Override
    public String toString() {
      return "ByteValues" + Arrays.toString(shape);
    }
  }
}

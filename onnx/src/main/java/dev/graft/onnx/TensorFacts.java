package dev.graft.onnx;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a tensor without running the graph.
 *
 * @param type the element type; UNDEFINED where unknown
 * @param dimensions the shape, {@link #UNKNOWN} for each size that is not known; null where not
 *     even the rank is known
 * @param values the whole numbers of a scalar or vector that takes part in shape arithmetic, {@link
 *     #UNKNOWN} for each that is not known; null where none is
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, never leaves the package.
record TensorFacts(ElementType type, long @Nullable [] dimensions, long @Nullable [] values) {
  /** A size or value that is not known. No shape arithmetic yields it. */
  static final long UNKNOWN = Long.MIN_VALUE;

  /** Longer vectors are weights, not shapes. */
  private static final int LONGEST_SHAPE_VECTOR = 64;

  static final TensorFacts NOTHING = new TensorFacts(ElementType.UNDEFINED, null, null);

  static TensorFacts shaped(ElementType type, long... dimensions) {
    return new TensorFacts(type, dimensions, null);
  }

  /** A tensor of unknown rank. */
  static TensorFacts unranked(ElementType type) {
    return new TensorFacts(type, null, null);
  }

  /** A vector of INT64. */
  static TensorFacts vector(long... values) {
    return new TensorFacts(ElementType.INT64, new long[] {values.length}, values);
  }

  static TensorFacts of(OnnxTensor tensor) {
    boolean shapeLike =
        tensor.rank() <= 1
            && tensor.elementCount() <= LONGEST_SHAPE_VECTOR
            && (tensor.type() == ElementType.INT64 || tensor.type() == ElementType.INT32);
    return new TensorFacts(tensor.type(), tensor.shape(), shapeLike ? tensor.toLongs() : null);
  }

  static TensorFacts of(ValueInfo value) {
    if (value.shape().isEmpty()) {
      return new TensorFacts(value.type(), null, null);
    }
    long[] dimensions =
        value.shape().get().stream().mapToLong(dimension -> dimension.sizeOr(UNKNOWN)).toArray();
    return shaped(value.type(), dimensions);
  }

  /** The number of dimensions, or -1 where unknown. */
  int rank() {
    return dimensions == null ? -1 : dimensions.length;
  }

  /** The size of dimension {@code axis}, counted from the end where negative, or UNKNOWN. */
  long size(int axis) {
    long[] known = dimensions;
    if (known == null) {
      return UNKNOWN;
    }
    int index = axis < 0 ? axis + known.length : axis;
    return index >= 0 && index < known.length ? known[index] : UNKNOWN;
  }

  /** The number of elements, or UNKNOWN. */
  long elementCount() {
    long[] known = dimensions;
    if (known == null) {
      return UNKNOWN;
    }
    long count = 1;
    for (long dimension : known) {
      if (dimension == UNKNOWN) {
        return UNKNOWN;
      }
      count *= dimension;
    }
    return count;
  }

  TensorFacts withType(ElementType other) {
    return new TensorFacts(other, dimensions, values);
  }

  TensorFacts withValues(long @Nullable [] other) {
    return new TensorFacts(type, dimensions, other);
  }

  /** These facts where known, else the other's. */
  TensorFacts or(TensorFacts other) {
    ElementType either = type == ElementType.UNDEFINED ? other.type : type;
    long[] merged = dimensions;
    if (merged == null) {
      merged = other.dimensions;
    } else if (other.rank() == merged.length) {
      merged = merged.clone();
      for (int i = 0; i < merged.length; i++) {
        merged[i] = merged[i] == UNKNOWN ? other.size(i) : merged[i];
      }
    }
    return new TensorFacts(either, merged, values == null ? other.values : values);
  }

  @Override
  public String toString() {
    return type + " " + Arrays.toString(dimensions) + " " + Arrays.toString(values);
  }
}

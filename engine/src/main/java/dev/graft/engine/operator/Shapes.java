package dev.graft.engine.operator;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/** Axis arithmetic shared by the operators. */
public final class Shapes {
  private Shapes() {}

  /** The lengths of a tensor's axes. */
  public static long[] of(Tensor tensor) {
    long[] shape = new long[(int) tensor.dim()];
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = tensor.size(axis);
    }
    return shape;
  }

  /** The number of elements of a shape; 1 for a scalar. */
  public static long count(long[] shape) {
    long count = 1;
    for (long length : shape) {
      count = Math.multiplyExact(count, length);
    }
    return count;
  }

  /** Maps an axis in [-rank, rank) to [0, rank). */
  static int axis(long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw new IllegalArgumentException(
          "axis " + axis + " lies outside of [-" + rank + ", " + rank + ")");
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /** Maps axes in [-rank, rank) to sorted axes in [0, rank). */
  static long[] axes(long[] axes, int rank) {
    long[] positive = new long[axes.length];
    for (int i = 0; i < axes.length; i++) {
      positive[i] = axis(axes[i], rank);
    }
    Arrays.sort(positive);
    return positive;
  }

  /** All axes of a rank: 0, 1, ... rank-1. */
  static long[] all(int rank) {
    long[] axes = new long[rank];
    Arrays.setAll(axes, i -> i);
    return axes;
  }
}

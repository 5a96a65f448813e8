package dev.graft.engine.operator;

import dev.graft.onnx.ElementType;
import java.util.Arrays;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/** Shape arithmetic on Java integers, with ONNX's broadcasting. */
final class IntegerArithmetic {
  private IntegerArithmetic() {}

  /** Whether all inputs are Java integers and the broadcast result is small enough to be such. */
  static boolean applies(Call call) {
    if (!call.allIntegers()) {
      return false;
    }
    long[] shape = call.value(0).shape();
    for (int i = 1; i < call.inputs().length; i++) {
      shape = commonShape(call, shape, call.value(i).shape());
    }
    return Shapes.count(shape) <= IntegerValue.MAXIMUM_ELEMENTS;
  }

  static IntegerValue map(IntegerValue value, LongUnaryOperator operation) {
    long[] data = new long[value.data().length];
    Arrays.setAll(data, i -> operation.applyAsLong(value.data()[i]));
    return wrapped(value.type(), data, value.shape());
  }

  /** Folds all inputs of a call, each broadcast against the ones before it. */
  static IntegerValue broadcast(Call call, ElementType type, LongBinaryOperator operation) {
    IntegerValue result = call.integers(0);
    for (int i = 1; i < call.inputs().length; i++) {
      result = broadcast(call, type, result, call.integers(i), operation);
    }
    return result;
  }

  private static IntegerValue broadcast(
      Call call,
      ElementType type,
      IntegerValue left,
      IntegerValue right,
      LongBinaryOperator operation) {
    long[] shape = commonShape(call, left.shape(), right.shape());
    long[] data = new long[(int) Shapes.count(shape)];
    int[] fromLeft = positions(left.shape(), shape);
    int[] fromRight = positions(right.shape(), shape);
    for (int i = 0; i < data.length; i++) {
      data[i] = operation.applyAsLong(left.data()[fromLeft[i]], right.data()[fromRight[i]]);
    }
    return wrapped(type, data, shape);
  }

  /** condition ? yes : no, each broadcast. */
  static IntegerValue choose(Call call, IntegerValue condition, IntegerValue yes, IntegerValue no) {
    long[] shape = commonShape(call, condition.shape(), commonShape(call, yes.shape(), no.shape()));
    long[] data = new long[(int) Shapes.count(shape)];
    int[] fromCondition = positions(condition.shape(), shape);
    int[] fromYes = positions(yes.shape(), shape);
    int[] fromNo = positions(no.shape(), shape);
    for (int i = 0; i < data.length; i++) {
      data[i] =
          condition.data()[fromCondition[i]] != 0 ? yes.data()[fromYes[i]] : no.data()[fromNo[i]];
    }
    return new IntegerValue(yes.type(), data, shape);
  }

  /** The values broadcast to a shape. */
  static IntegerValue expanded(IntegerValue value, long... shape) {
    long[] data = new long[(int) Shapes.count(shape)];
    int[] from = positions(value.shape(), shape);
    Arrays.setAll(data, i -> value.data()[from[i]]);
    return new IntegerValue(value.type(), data, shape);
  }

  /** Values of a type of 32 bits as they are after an overflow. */
  static IntegerValue wrapped(ElementType type, long[] data, long... shape) {
    if (type == ElementType.INT32) {
      for (int i = 0; i < data.length; i++) {
        data[i] = (int) data[i];
      }
    }
    return new IntegerValue(type, data, shape);
  }

  /** The shape that two operands are broadcast to (ONNX, Broadcasting: multidirectional). */
  static long[] commonShape(Call call, long[] left, long[] right) {
    long[] common = new long[Math.max(left.length, right.length)];
    for (int fromEnd = 1; fromEnd <= common.length; fromEnd++) {
      long a = fromEnd <= left.length ? left[left.length - fromEnd] : 1;
      long b = fromEnd <= right.length ? right[right.length - fromEnd] : 1;
      if (a != b && a != 1 && b != 1) {
        throw call.failure(
            "the shapes "
                + Arrays.toString(left)
                + " and "
                + Arrays.toString(right)
                + " cannot be broadcast to one.");
      }
      common[common.length - fromEnd] = a == 1 ? b : a;
    }
    return common;
  }

  /** For each element of the broadcast array the position of its source. */
  private static int[] positions(long[] from, long[] to) {
    int[] positions = new int[(int) Shapes.count(to)];
    long[] index = new long[to.length];
    for (int i = 0; i < positions.length; i++) {
      long position = 0;
      for (int axis = 0; axis < from.length; axis++) {
        long place = index[axis + to.length - from.length];
        position = position * from[axis] + (from[axis] == 1 ? 0 : place);
      }
      positions[i] = (int) position;
      for (int axis = to.length - 1; axis >= 0 && ++index[axis] == to[axis]; axis--) {
        index[axis] = 0;
      }
    }
    return positions;
  }
}

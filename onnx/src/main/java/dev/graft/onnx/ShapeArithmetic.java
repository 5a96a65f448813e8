package dev.graft.onnx;

import static dev.graft.onnx.TensorFacts.UNKNOWN;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The shape rules of operators that rearrange, combine or reduce tensors. */
final class ShapeArithmetic {
  private ShapeArithmetic() {}

  static int axis(long axis, int rank) {
    int index = (int) (axis < 0 ? axis + rank : axis);
    if (index < 0 || index >= rank) {
      throw new IndexOutOfBoundsException("axis " + axis + " of rank " + rank);
    }
    return index;
  }

  static long[] unknown(int rank) {
    long[] dimensions = new long[rank];
    Arrays.fill(dimensions, UNKNOWN);
    return dimensions;
  }

  /** The same rank, no size known. */
  static TensorFacts unknownSizes(TensorFacts x) {
    return x.rank() < 0
        ? TensorFacts.unranked(x.type())
        : TensorFacts.shaped(x.type(), unknown(x.rank()));
  }

  static long product(long[] dimensions, int from, int to) {
    long product = 1;
    for (int i = from; i < to; i++) {
      if (dimensions[i] == UNKNOWN) {
        return UNKNOWN;
      }
      product = Math.multiplyExact(product, dimensions[i]);
    }
    return product;
  }

  static TensorFacts broadcast(ElementType type, List<TensorFacts> operands) {
    int rank = 0;
    for (TensorFacts operand : operands) {
      if (operand.rank() < 0) {
        return TensorFacts.unranked(type);
      }
      rank = Math.max(rank, operand.rank());
    }
    long[] result = new long[rank];
    Arrays.fill(result, 1);
    for (TensorFacts operand : operands) {
      for (int i = 1; i <= operand.rank(); i++) {
        long size = operand.size(-i);
        if (size > 1 && result[rank - i] > 1 && size != result[rank - i]) {
          return TensorFacts.unranked(type);
        }
        // A size above 1 decides; an unknown size loses against it and wins against 1.
        if (size > 1 || (size != 1 && result[rank - i] <= 1)) {
          result[rank - i] = size;
        }
      }
    }
    return TensorFacts.shaped(type, result);
  }

  /** Broadcasting with integer values carried along for the four basic operations. */
  static TensorFacts elementwise(Node node, List<TensorFacts> operands) {
    boolean equal = node.is("Equal");
    TensorFacts result = broadcast(equal ? ElementType.BOOL : operands.get(0).type(), operands);
    if (operands.size() != 2 || node.integer("fmod", 0) != 0) {
      return result;
    }
    long[] left = operands.get(0).values();
    long[] right = operands.get(1).values();
    if (left == null || right == null || left.length == 0 || right.length == 0) {
      return result;
    }
    long[] values = new long[Math.max(left.length, right.length)];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          combine(
              node.operator(), left[left.length == 1 ? 0 : i], right[right.length == 1 ? 0 : i]);
    }
    return new TensorFacts(result.type(), result.dimensions(), values);
  }

  /** Where(condition, yes, no) with whole numbers carried along. */
  static TensorFacts where(TensorFacts condition, TensorFacts yes, TensorFacts no) {
    TensorFacts result = broadcast(yes.type(), List.of(condition, yes, no));
    long[] choices = condition.values();
    long[] ifTrue = yes.values();
    long[] ifFalse = no.values();
    long count = result.elementCount();
    if (choices == null
        || ifTrue == null
        || ifFalse == null
        || result.rank() > 1
        || count < 1
        || count > Math.max(choices.length, Math.max(ifTrue.length, ifFalse.length))) {
      return result;
    }
    long[] values = new long[(int) count];
    for (int i = 0; i < values.length; i++) {
      long choice = choices[choices.length == 1 ? 0 : i];
      long[] source = choice == 0 ? ifFalse : ifTrue;
      values[i] = choice == UNKNOWN ? UNKNOWN : source[source.length == 1 ? 0 : i];
    }
    return result.withValues(values);
  }

  private static long combine(String operator, long left, long right) {
    if (left == UNKNOWN || right == UNKNOWN) {
      return UNKNOWN;
    }
    return switch (operator) {
      case "Add" -> left + right;
      case "Sub" -> left - right;
      case "Mul" -> left * right;
      case "Div" -> right == 0 ? UNKNOWN : left / right;
      case "Max" -> Math.max(left, right);
      case "Min" -> Math.min(left, right);
      case "Mod" -> right == 0 ? UNKNOWN : Math.floorMod(left, right);
      case "Equal" -> left == right ? 1 : 0;
      default -> UNKNOWN;
    };
  }

  static TensorFacts reduce(
      TensorFacts x, long @Nullable [] axes, boolean keepsDimensions, boolean emptyMeansNone) {
    long[] dimensions = x.dimensions();
    if (dimensions == null) {
      return TensorFacts.unranked(x.type());
    }
    if ((axes == null || axes.length == 0) && emptyMeansNone) {
      return x;
    }
    Set<Integer> reduced = new TreeSet<>();
    if (axes == null || axes.length == 0) {
      for (int i = 0; i < dimensions.length; i++) {
        reduced.add(i);
      }
    } else {
      for (long axis : axes) {
        if (axis == UNKNOWN) {
          return keepsDimensions ? unknownSizes(x) : TensorFacts.unranked(x.type());
        }
        reduced.add(axis(axis, dimensions.length));
      }
    }
    List<Long> result = new ArrayList<>();
    for (int i = 0; i < dimensions.length; i++) {
      if (!reduced.contains(i)) {
        result.add(dimensions[i]);
      } else if (keepsDimensions) {
        result.add(1L);
      }
    }
    return TensorFacts.shaped(x.type(), toArray(result));
  }

  static TensorFacts matrixProduct(TensorFacts a, TensorFacts b, ElementType type) {
    long[] left = a.dimensions();
    long[] right = b.dimensions();
    if (left == null || right == null || left.length == 0 || right.length == 0) {
      return TensorFacts.unranked(type);
    }
    long inner = left[left.length - 1];
    long rows = right[Math.max(0, right.length - 2)];
    if (inner != UNKNOWN && rows != UNKNOWN && inner != rows) {
      return TensorFacts.unranked(type);
    }
    int leftBatch = Math.max(0, left.length - 2);
    int rightBatch = Math.max(0, right.length - 2);
    TensorFacts batch =
        broadcast(
            type,
            List.of(
                TensorFacts.shaped(type, Arrays.copyOf(left, leftBatch)),
                TensorFacts.shaped(type, Arrays.copyOf(right, rightBatch))));
    List<Long> result = new ArrayList<>();
    long[] batchDimensions = batch.dimensions();
    if (batchDimensions == null) {
      return batch;
    }
    for (int i = 0; i < batchDimensions.length; i++) {
      result.add(batchDimensions[i]);
    }
    if (left.length > 1) {
      result.add(left[left.length - 2]);
    }
    if (right.length > 1) {
      result.add(right[right.length - 1]);
    }
    return TensorFacts.shaped(type, toArray(result));
  }

  static TensorFacts reshape(Node node, TensorFacts x, long @Nullable [] target) {
    if (target == null) {
      return TensorFacts.unranked(x.type());
    }
    long[] result = target.clone();
    boolean zeroMeansZero = node.integer("allowzero", 0) == 1;
    int inferred = -1;
    for (int i = 0; i < result.length; i++) {
      if (result[i] == 0 && !zeroMeansZero) {
        result[i] = x.size(i);
      } else if (result[i] == -1) {
        inferred = i;
        result[i] = 1;
      }
    }
    long total = x.elementCount();
    long others = product(result, 0, result.length);
    boolean counted = total != UNKNOWN && others != UNKNOWN;
    if (counted && (inferred < 0 ? total != others : others != 0 && total % others != 0)) {
      // The target contradicts the input: nothing that follows may be believed.
      return TensorFacts.unranked(x.type());
    }
    if (inferred >= 0) {
      result[inferred] = counted && others != 0 ? total / others : UNKNOWN;
    }
    // Reshaping a shape vector to a scalar or back keeps its values.
    boolean vector = result.length <= 1;
    return new TensorFacts(x.type(), result, vector ? x.values() : null);
  }

  static TensorFacts transpose(Node node, TensorFacts x) {
    long[] dimensions = x.dimensions();
    if (dimensions == null) {
      return TensorFacts.unranked(x.type());
    }
    long[] reversed = new long[dimensions.length];
    for (int i = 0; i < reversed.length; i++) {
      reversed[i] = reversed.length - 1L - i;
    }
    long[] permutation = node.integers("perm", reversed);
    long[] result = new long[dimensions.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = dimensions[(int) permutation[i]];
    }
    return new TensorFacts(x.type(), result, dimensions.length <= 1 ? x.values() : null);
  }

  static TensorFacts squeeze(TensorFacts x, long @Nullable [] axes) {
    long[] dimensions = x.dimensions();
    if (dimensions == null) {
      return TensorFacts.unranked(x.type());
    }
    List<Long> result = new ArrayList<>();
    for (int i = 0; i < dimensions.length; i++) {
      if (axes == null && dimensions[i] == UNKNOWN) {
        return TensorFacts.unranked(x.type());
      }
      boolean removed = axes == null ? dimensions[i] == 1 : contains(axes, i, dimensions.length);
      if (!removed) {
        result.add(dimensions[i]);
      }
    }
    if (axes != null && Arrays.stream(axes).anyMatch(axis -> axis == UNKNOWN)) {
      return TensorFacts.unranked(x.type());
    }
    return new TensorFacts(x.type(), toArray(result), x.values());
  }

  static TensorFacts unsqueeze(TensorFacts x, long @Nullable [] axes) {
    long[] dimensions = x.dimensions();
    if (dimensions == null
        || axes == null
        || Arrays.stream(axes).anyMatch(axis -> axis == UNKNOWN)) {
      return TensorFacts.unranked(x.type());
    }
    long[] result = new long[dimensions.length + axes.length];
    int next = 0;
    for (int i = 0; i < result.length; i++) {
      result[i] = contains(axes, i, result.length) ? 1 : dimensions[next++];
    }
    return new TensorFacts(x.type(), result, result.length == 1 ? x.values() : null);
  }

  private static boolean contains(long[] axes, int index, int rank) {
    return Arrays.stream(axes).anyMatch(axis -> axis == index || axis + rank == index);
  }

  static TensorFacts concat(Node node, List<TensorFacts> parts) {
    ElementType type = parts.get(0).type();
    int rank = parts.stream().mapToInt(TensorFacts::rank).max().orElse(-1);
    if (rank <= 0) {
      return TensorFacts.unranked(type);
    }
    int axis = axis(node.integer("axis", 0), rank);
    long[] result = unknown(rank);
    long along = 0;
    List<Long> values = new ArrayList<>();
    boolean valued = rank == 1;
    for (TensorFacts part : parts) {
      long size = part.size(axis);
      along = along == UNKNOWN || size == UNKNOWN ? UNKNOWN : along + size;
      for (int i = 0; i < rank; i++) {
        long other = part.size(i);
        if (i != axis && other != UNKNOWN && result[i] != UNKNOWN && other != result[i]) {
          return TensorFacts.unranked(type);
        }
        result[i] = i != axis && result[i] == UNKNOWN ? other : result[i];
      }
      long[] known = part.values();
      valued &= known != null || (size != UNKNOWN && size <= 8);
      if (valued) {
        for (int i = 0; i < size; i++) {
          values.add(known == null ? UNKNOWN : known[i]);
        }
      }
    }
    result[axis] = along;
    return new TensorFacts(type, result, valued && along != UNKNOWN ? toArray(values) : null);
  }

  static TensorFacts slice(
      TensorFacts x, long[] starts, long @Nullable [] ends, long[] axes, long @Nullable [] steps) {
    long[] dimensions = x.dimensions();
    if (dimensions == null || ends == null) {
      return unknownSizes(x);
    }
    long[] result = dimensions.clone();
    long[] values = x.values();
    for (int i = 0; i < axes.length; i++) {
      int axis = axis(axes[i], result.length);
      long size = dimensions[axis];
      long step = steps == null ? 1 : steps[i];
      if (size == UNKNOWN
          || starts[i] == UNKNOWN
          || ends[i] == UNKNOWN
          || step == UNKNOWN
          || step == 0) {
        result[axis] = UNKNOWN;
        values = null;
        continue;
      }
      long low = step > 0 ? 0 : -1;
      long high = step > 0 ? size : size - 1;
      long start = clamp(starts[i] < 0 ? starts[i] + size : starts[i], 0, high);
      long end = clamp(ends[i] < 0 ? ends[i] + size : ends[i], low, size);
      long count = Math.max(0, (end - start + step - Long.signum(step)) / step);
      result[axis] = count;
      if (values != null) {
        long[] taken = new long[(int) count];
        for (int k = 0; k < taken.length; k++) {
          taken[k] = values[(int) (start + k * step)];
        }
        values = taken;
      }
    }
    return new TensorFacts(x.type(), result, values);
  }

  private static long clamp(long value, long low, long high) {
    return Math.max(low, Math.min(high, value));
  }

  static TensorFacts gather(Node node, TensorFacts x, TensorFacts indices) {
    long[] dimensions = x.dimensions();
    long[] indexDimensions = indices.dimensions();
    if (dimensions == null || indexDimensions == null) {
      return TensorFacts.unranked(x.type());
    }
    int axis = axis(node.integer("axis", 0), dimensions.length);
    List<Long> result = new ArrayList<>();
    for (int i = 0; i < dimensions.length; i++) {
      if (i != axis) {
        result.add(dimensions[i]);
        continue;
      }
      for (long dimension : indexDimensions) {
        result.add(dimension);
      }
    }
    long[] values = x.values();
    long[] picked = indices.values();
    if (values != null && picked != null && dimensions.length == 1) {
      long[] taken = new long[picked.length];
      for (int i = 0; i < taken.length; i++) {
        taken[i] = picked[i] == UNKNOWN ? UNKNOWN : values[axis(picked[i], values.length)];
      }
      return new TensorFacts(x.type(), toArray(result), taken);
    }
    return TensorFacts.shaped(x.type(), toArray(result));
  }

  static TensorFacts shapeOf(Node node, TensorFacts x) {
    long[] dimensions = x.dimensions();
    if (dimensions == null) {
      return TensorFacts.shaped(ElementType.INT64, UNKNOWN);
    }
    int rank = dimensions.length;
    long start = node.integer("start", 0);
    long end = node.integer("end", rank);
    int from = (int) clamp(start < 0 ? start + rank : start, 0, rank);
    int to = (int) clamp(end < 0 ? end + rank : end, from, rank);
    return TensorFacts.vector(Arrays.copyOfRange(dimensions, from, to));
  }

  static TensorFacts expand(TensorFacts x, TensorFacts shape) {
    long[] values = shape.values();
    if (values == null) {
      return TensorFacts.unranked(x.type());
    }
    return broadcast(x.type(), List.of(x, TensorFacts.shaped(x.type(), values)));
  }

  static TensorFacts tile(TensorFacts x, long @Nullable [] repeats) {
    long[] dimensions = x.dimensions();
    if (dimensions == null || repeats == null) {
      return unknownSizes(x);
    }
    long[] result = dimensions.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] = result[i] == UNKNOWN || repeats[i] == UNKNOWN ? UNKNOWN : result[i] * repeats[i];
    }
    return TensorFacts.shaped(x.type(), result);
  }

  static TensorFacts range(TensorFacts start, TensorFacts limit, TensorFacts delta) {
    long[] from = start.values();
    long[] to = limit.values();
    long[] step = delta.values();
    long count = UNKNOWN;
    if (from != null
        && to != null
        && step != null
        && from[0] != UNKNOWN
        && to[0] != UNKNOWN
        && step[0] != UNKNOWN
        && step[0] != 0) {
      count = Math.max(0, -Math.floorDiv(from[0] - to[0], step[0]));
    }
    return TensorFacts.shaped(start.type(), count);
  }

  private static long[] toArray(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }
}

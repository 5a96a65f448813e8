package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.index_select;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Operators that pick elements by position. */
final class Indexing {
  private Indexing() {}

  static void register(Operators operators) {
    operators
        .add("Gather", Indexing::gather)
        .tensor("GatherElements", Indexing::gatherElements)
        .add("Slice", Indexing::slice)
        .tensor("Trilu", Indexing::triangle)
        .shapeAware("OneHot", Indexing::oneHot)
        .shapeAware("NonZero", call -> call.tensor(0).nonzero().t());
  }

  private static List<Value> gather(Call call) {
    int rank = call.value(0).shape().length;
    int axis = Shapes.axis(call.integer("axis", 0), rank);
    if (call.value(0) instanceof IntegerValue integers
        && rank == 1
        && call.value(1) instanceof IntegerValue) {
      return List.of(pick(call, integers));
    }
    Tensor x = call.tensor(0);
    Tensor indices = call.tensor(1).to(ScalarType.Long);
    long length = x.size(axis);
    Tensor positive =
        torch.where(indices.lt(Call.whole(0)), indices.add(Call.whole(length)), indices);
    long[] shape = Shapes.of(x);
    long[] picked = Shapes.of(indices);
    long[] to = new long[rank - 1 + picked.length];
    System.arraycopy(shape, 0, to, 0, axis);
    System.arraycopy(picked, 0, to, axis, picked.length);
    System.arraycopy(shape, axis + 1, to, axis + picked.length, rank - axis - 1);
    NativeMemory.require(call, to);
    // [.., d, ..] by flat indices, then the axis takes the shape of the indices.
    Tensor result = index_select(x, axis, positive.reshape(-1)).reshape(to);
    return List.of(
        call.allIntegers() ? Operators.integersWherePossible(result) : new TensorValue(result));
  }

  private static IntegerValue pick(Call call, IntegerValue from) {
    IntegerValue indices = call.integers(1);
    long[] picked = new long[indices.data().length];
    for (int i = 0; i < picked.length; i++) {
      long index = indices.data()[i];
      long position = index < 0 ? index + from.data().length : index;
      if (position < 0 || position >= from.data().length) {
        throw call.failure(
            "index " + index + " lies outside of " + from.data().length + " elements.");
      }
      picked[i] = from.data()[(int) position];
    }
    return new IntegerValue(from.type(), picked, indices.shape());
  }

  private static Tensor gatherElements(Call call) {
    Tensor x = call.tensor(0);
    int axis = Shapes.axis(call.integer("axis", 0), (int) x.dim());
    Tensor indices = call.tensor(1).to(ScalarType.Long);
    Tensor positive =
        torch.where(indices.lt(Call.whole(0)), indices.add(Call.whole(x.size(axis))), indices);
    return x.gather(axis, positive);
  }

  private static List<Value> slice(Call call) {
    long[] shape = call.value(0).shape();
    long[] starts = call.longs(1);
    long[] ends = call.longs(2);
    long[] axes = call.optionalLongs(3).orElseGet(() -> Shapes.all(starts.length));
    long[] steps = call.optionalLongs(4).orElseGet(() -> Padding.ones(starts.length));
    if (call.value(0) instanceof IntegerValue integers && shape.length == 1 && starts.length == 1) {
      return List.of(sliceIntegers(integers, starts[0], ends[0], steps[0]));
    }
    Tensor result = call.tensor(0);
    for (int i = 0; i < axes.length; i++) {
      int axis = Shapes.axis(axes[i], shape.length);
      result = sliceAxis(result, axis, starts[i], ends[i], steps[i]);
    }
    Value value =
        call.allIntegers()
            ? Operators.integersWherePossible(result)
            : new TensorValue(new Tensor(result));
    return List.of(value);
  }

  private static Tensor sliceAxis(Tensor x, int axis, long start, long end, long step) {
    long length = x.size(axis);
    Bounds bounds = Bounds.of(start, end, step, length);
    if (step > 0) {
      return bounds.count() == 0
          ? x.narrow(axis, 0, 0)
          : x.slice(
              axis,
              new org.bytedeco.pytorch.LongOptional(bounds.first()),
              new org.bytedeco.pytorch.LongOptional(
                  bounds.first() + (bounds.count() - 1) * step + 1),
              step);
    }
    long[] positions = new long[(int) bounds.count()];
    Arrays.setAll(positions, i -> bounds.first() + i * step);
    return index_select(x, axis, IntegerValue.vector(positions).toTensor());
  }

  private static IntegerValue sliceIntegers(IntegerValue from, long start, long end, long step) {
    Bounds bounds = Bounds.of(start, end, step, from.data().length);
    long[] picked = new long[(int) bounds.count()];
    Arrays.setAll(picked, i -> from.data()[(int) (bounds.first() + i * step)]);
    return new IntegerValue(from.type(), picked, picked.length);
  }

  /** First position and number of elements of a slice, with ONNX's clamping of negative bounds. */
  private record Bounds(long first, long count) {
    static Bounds of(long start, long end, long step, long length) {
      long from = start < 0 ? start + length : start;
      long to = end < 0 && end >= -length ? end + length : end;
      if (step > 0) {
        from = Math.max(0, Math.min(from, length));
        to = Math.max(0, Math.min(to, length));
        return new Bounds(from, to > from ? (to - from + step - 1) / step : 0);
      }
      from = Math.max(-1, Math.min(from, length - 1));
      to = end < -length ? -1 : Math.max(-1, Math.min(to, length - 1));
      return new Bounds(from, from > to ? (from - to - step - 1) / -step : 0);
    }
  }

  private static Tensor triangle(Call call) {
    long diagonal = call.has(1) ? call.longs(1)[0] : 0;
    return call.integer("upper", 1) == 1
        ? call.tensor(0).triu(diagonal)
        : call.tensor(0).tril(diagonal);
  }

  private static Tensor oneHot(Call call) {
    Tensor indices = call.tensor(0).to(ScalarType.Long);
    long depth = call.longs(1)[0];
    Tensor values = call.tensor(2);
    Tensor positive =
        torch.where(indices.lt(Call.whole(0)), indices.add(Call.whole(depth)), indices);
    int axis = Shapes.axis(call.integer("axis", -1), (int) indices.dim() + 1);
    long[] comparable = new long[(int) indices.dim() + 1];
    Arrays.fill(comparable, 1);
    comparable[axis] = depth;
    NativeMemory.require(call, Math.max(1, indices.numel()), depth);
    Tensor range = torch.arange(Call.whole(depth)).reshape(comparable);
    Tensor hot = positive.unsqueeze(axis).eq(range);
    return torch.where(hot, values.get(1), values.get(0));
  }
}

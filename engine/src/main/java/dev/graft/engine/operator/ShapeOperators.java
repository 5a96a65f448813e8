package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.constant_pad_nd;
import static org.bytedeco.pytorch.global.torch.full;

import dev.graft.onnx.ElementType;
import dev.graft.onnx.OnnxTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Operators that change a tensor's shape or tell it. */
final class ShapeOperators {
  private ShapeOperators() {}

  static void register(Operators operators) {
    operators
        .add("Identity", ShapeOperators::same)
        // In a graph for inference dropout passes its input on.
        .add("Dropout", ShapeOperators::same)
        .add("Shape", ShapeOperators::shape)
        .add("Size", call -> List.of(IntegerValue.scalar(Shapes.count(call.value(0).shape()))))
        .add("Reshape", ShapeOperators::reshape)
        .tensor("Flatten", ShapeOperators::flatten)
        .add("Squeeze", ShapeOperators::squeeze)
        .add("Unsqueeze", ShapeOperators::unsqueeze)
        .shapeAware("Transpose", ShapeOperators::transpose)
        .add("Concat", ShapeOperators::concat)
        .add("Split", ShapeOperators::split)
        .shapeAware("Expand", ShapeOperators::expand)
        .shapeAware("Tile", call -> call.tensor(0).repeat(call.longs(1)))
        .tensor("Pad", ShapeOperators::pad)
        .add("ConstantOfShape", ShapeOperators::constantOfShape)
        .shapeAware("Range", ShapeOperators::range);
  }

  private static List<Value> same(Call call) {
    Value value = call.value(0);
    return List.of(
        value instanceof TensorValue tensor ? new TensorValue(new Tensor(tensor.tensor())) : value);
  }

  private static List<Value> shape(Call call) {
    long[] shape = call.value(0).shape();
    int start = clampedAxis(call.integer("start", 0), shape.length);
    int end = clampedAxis(call.integer("end", shape.length), shape.length);
    return List.of(
        IntegerValue.vector(start < end ? Arrays.copyOfRange(shape, start, end) : new long[0]));
  }

  private static int clampedAxis(long axis, int rank) {
    return (int) Math.max(0, Math.min(rank, axis < 0 ? axis + rank : axis));
  }

  private static List<Value> reshape(Call call) {
    long[] from = call.value(0).shape();
    long[] to = call.longs(1).clone();
    boolean zeroIsZero = call.integer("allowzero", 0) == 1;
    for (int axis = 0; axis < to.length; axis++) {
      if (to[axis] == 0 && !zeroIsZero) {
        if (axis >= from.length) {
          throw call.failure(
              "the shape "
                  + Arrays.toString(to)
                  + " copies axis "
                  + axis
                  + " but the input has shape "
                  + Arrays.toString(from)
                  + ".");
        }
        to[axis] = from[axis];
      }
    }
    return List.of(reshaped(call, to));
  }

  private static Value reshaped(Call call, long[] to) {
    Value value = call.value(0);
    long known = 1;
    int free = -1;
    for (int axis = 0; axis < to.length; axis++) {
      if (to[axis] == -1) {
        free = axis;
      } else {
        known *= to[axis];
      }
    }
    long count = Shapes.count(value.shape());
    if (free >= 0 && known > 0) {
      to[free] = count / known;
      known *= to[free];
    }
    if (free < 0 ? known != count : known != count && count != 0) {
      throw call.failure(
          "a tensor of shape "
              + Arrays.toString(value.shape())
              + " cannot take the shape "
              + Arrays.toString(to)
              + ".");
    }
    if (value instanceof IntegerValue integers) {
      return new IntegerValue(integers.type(), integers.data(), to);
    }
    return new TensorValue(call.tensor(0).reshape(to));
  }

  private static Tensor flatten(Call call) {
    Tensor x = call.tensor(0);
    long[] shape = Shapes.of(x);
    int axis = Shapes.axis(call.integer("axis", 1), shape.length);
    long rows = Shapes.count(Arrays.copyOfRange(shape, 0, axis));
    long columns = Shapes.count(Arrays.copyOfRange(shape, axis, shape.length));
    return x.reshape(rows, columns); // [d0..da-1, da..] -> [rows, columns]
  }

  private static List<Value> squeeze(Call call) {
    long[] shape = call.value(0).shape();
    Optional<long[]> given = call.optionalLongs(1);
    long[] axes = given.map(a -> Shapes.axes(a, shape.length)).orElse(null);
    List<Long> kept = new ArrayList<>();
    for (int axis = 0; axis < shape.length; axis++) {
      boolean drop = axes == null ? shape[axis] == 1 : Arrays.binarySearch(axes, axis) >= 0;
      if (drop && shape[axis] != 1) {
        throw call.failure(
            "axis " + axis + " of shape " + Arrays.toString(shape) + " is not of length 1.");
      }
      if (!drop) {
        kept.add(shape[axis]);
      }
    }
    return List.of(reshaped(call, kept.stream().mapToLong(Long::longValue).toArray()));
  }

  private static List<Value> unsqueeze(Call call) {
    long[] shape = call.value(0).shape();
    long[] given = call.longs(1);
    long[] axes = Shapes.axes(given, shape.length + given.length);
    long[] to = new long[shape.length + axes.length];
    int from = 0;
    for (int axis = 0; axis < to.length; axis++) {
      to[axis] = Arrays.binarySearch(axes, axis) >= 0 ? 1 : shape[from++];
    }
    return List.of(reshaped(call, to));
  }

  private static Tensor transpose(Call call) {
    Tensor x = call.tensor(0);
    int rank = (int) x.dim();
    long[] reversed = new long[rank];
    Arrays.setAll(reversed, axis -> rank - 1L - axis);
    return x.permute(call.integers("perm", reversed));
  }

  private static List<Value> concat(Call call) {
    if (call.allIntegers() && call.value(0).shape().length == 1) {
      long[] joined = new long[0];
      for (int i = 0; i < call.inputs().length; i++) {
        long[] part = call.longs(i);
        long[] longer = Arrays.copyOf(joined, joined.length + part.length);
        System.arraycopy(part, 0, longer, joined.length, part.length);
        joined = longer;
      }
      return List.of(new IntegerValue(call.integers(0).type(), joined, joined.length));
    }
    TensorVector parts = new TensorVector();
    for (int i = 0; i < call.inputs().length; i++) {
      parts.push_back(call.tensor(i));
    }
    return List.of(new TensorValue(cat(parts, call.integer("axis", 0))));
  }

  private static List<Value> split(Call call) {
    Tensor x = call.tensor(0);
    int axis = Shapes.axis(call.integer("axis", 0), (int) x.dim());
    long length = x.size(axis);
    int parts = call.node().outputs().size();
    long[] sizes = call.optionalLongs(1).orElseGet(() -> equalParts(length, parts));
    if (Arrays.stream(sizes).sum() != length || sizes.length != parts) {
      throw call.failure(
          "axis "
              + axis
              + " has length "
              + length
              + " but is split into "
              + Arrays.toString(sizes)
              + ".");
    }
    List<Value> outputs = new ArrayList<>();
    long start = 0;
    for (long size : sizes) {
      Tensor part = x.narrow(axis, start, size);
      outputs.add(
          call.allIntegers() ? Operators.integersWherePossible(part) : new TensorValue(part));
      start += size;
    }
    return outputs;
  }

  /** Equal parts; the last is shorter where the length does not divide. */
  private static long[] equalParts(long length, int parts) {
    long size = (length + parts - 1) / parts;
    long[] sizes = new long[parts];
    Arrays.fill(sizes, size);
    sizes[parts - 1] = length - size * (parts - 1);
    return sizes;
  }

  /** Broadcasts both ways: an axis of length 1 in the wanted shape keeps the input's length. */
  private static Tensor expand(Call call) {
    Tensor x = call.tensor(0);
    long[] from = Shapes.of(x);
    long[] wanted = call.longs(1);
    int rank = Math.max(from.length, wanted.length);
    long[] to = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      int source = axis - (rank - from.length);
      int target = axis - (rank - wanted.length);
      long a = source < 0 ? 1 : from[source];
      long b = target < 0 ? 1 : wanted[target];
      to[axis] = a == 1 ? b : a;
    }
    return x.expand(to);
  }

  private static Tensor pad(Call call) {
    Tensor x = call.tensor(0);
    int rank = (int) x.dim();
    long[] given = call.longs(1);
    long[] axes = call.optionalLongs(3).orElseGet(() -> Shapes.all(rank));
    long[] begin = new long[rank];
    long[] end = new long[rank];
    for (int i = 0; i < axes.length; i++) {
      int axis = Shapes.axis(axes[i], rank);
      begin[axis] = given[i];
      end[axis] = given[i + axes.length];
    }
    long[] pads = new Padding(begin, end).lastAxisFirst();
    String mode = call.node().text("mode", "constant");
    if (mode.equals("constant")) {
      return constant_pad_nd(x, pads, Call.scalar(call.real(2, 0)));
    }
    int padded = pads.length;
    while (padded > 2 && pads[padded - 1] == 0 && pads[padded - 2] == 0) {
      padded -= 2;
    }
    String name =
        switch (mode) {
          case "edge" -> "replicate";
          case "reflect" -> "reflect";
          case "wrap" -> "circular";
          default -> throw call.failure("pad mode " + mode + " is not known.");
        };
    return torch.pad(x, Arrays.copyOf(pads, padded), name, new DoubleOptional());
  }

  private static List<Value> constantOfShape(Call call) {
    long[] shape = call.longs(0);
    Optional<OnnxTensor> value = call.node().tensor("value");
    ElementType type = value.map(OnnxTensor::type).orElse(ElementType.FLOAT);
    long count = Shapes.count(shape);
    if (IntegerValue.holds(type, count)) {
      long[] data = new long[(int) count];
      Arrays.fill(data, value.map(v -> v.toLongs()[0]).orElse(0L));
      return List.of(new IntegerValue(type, data, shape));
    }
    double fill =
        value.map(v -> type.isFloating() ? v.toDoubles()[0] : (double) v.toLongs()[0]).orElse(0.0);
    return List.of(
        new TensorValue(full(shape, Call.scalar(fill), new TensorOptions(ScalarTypes.of(type)))));
  }

  private static Tensor range(Call call) {
    Tensor start = call.tensor(0);
    return torch.arange(
        start.item(),
        call.tensor(1).item(),
        call.tensor(2).item(),
        new TensorOptions(ScalarTypes.of(start)));
  }
}

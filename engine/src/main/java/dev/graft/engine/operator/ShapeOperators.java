package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.full;

import dev.graft.onnx.ElementType;
import dev.graft.onnx.OnnxTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Operators that change a tensor's shape or tell it. */
final class ShapeOperators {
  private ShapeOperators() {}

  static void register(Operators operators) {
    operators
        .add("Identity", call -> List.of(handedOn(call.value(0))))
        .add("Shape", ShapeOperators::shape)
        .add("Size", call -> List.of(IntegerValue.scalar(Shapes.count(call.value(0).shape()))))
        .add("Reshape", ShapeOperators::reshape)
        .tensor("Flatten", ShapeOperators::flatten)
        .add("Squeeze", ShapeOperators::squeeze)
        .add("Unsqueeze", ShapeOperators::unsqueeze)
        .shapeAware("Transpose", ShapeOperators::transpose)
        .add("Concat", ShapeOperators::concat)
        .add("Split", ShapeOperators::split)
        .add("Expand", ShapeOperators::expand)
        .tensor("DepthToSpace", ShapeOperators::depthToSpace)
        .tensor("SpaceToDepth", ShapeOperators::spaceToDepth)
        .shapeAware("Tile", ShapeOperators::tile)
        .add("ConstantOfShape", ShapeOperators::constantOfShape)
        .add("Range", ShapeOperators::range);
  }

  /** The same value under a handle of its own. */
  static Value handedOn(Value value) {
    return value instanceof TensorValue tensor
        ? new TensorValue(new Tensor(tensor.tensor()))
        : value;
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
    // One more than the last axis is allowed and leaves one column.
    int axis = Shapes.axis(call.integer("axis", 1), shape.length + 1);
    axis = call.integer("axis", 1) < 0 ? axis - 1 : axis;
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

  /** Blocks of channels laid out as blocks of pixels. */
  private static Tensor depthToSpace(Call call) {
    Tensor x = call.tensor(0);
    long block = call.integer("blocksize", 1);
    long channels = x.size(1) / (block * block);
    boolean rowsFirst = call.node().text("mode", "DCR").equals("DCR");
    Tensor parts =
        rowsFirst
            ? x.reshape(x.size(0), block, block, channels, x.size(2), x.size(3))
                .permute(0, 3, 4, 1, 5, 2)
            : x.reshape(x.size(0), channels, block, block, x.size(2), x.size(3))
                .permute(0, 1, 4, 2, 5, 3);
    // [N,C,H,b,W,b] -> [N,C,H b,W b]
    return parts.reshape(x.size(0), channels, x.size(2) * block, x.size(3) * block);
  }

  /** Blocks of pixels laid out as blocks of channels. */
  private static Tensor spaceToDepth(Call call) {
    Tensor x = call.tensor(0);
    long block = call.integer("blocksize", 1);
    long rows = x.size(2) / block;
    long columns = x.size(3) / block;
    boolean blocksFirst = call.node().text("mode", "DCR").equals("DCR");
    // [N,C,H,b,W,b] -> [N,b,b,C,H,W] or [N,C,b,b,H,W] -> [N,b b C,H,W]
    Tensor parts = x.reshape(x.size(0), x.size(1), rows, block, columns, block);
    return (blocksFirst ? parts.permute(0, 3, 5, 1, 2, 4) : parts.permute(0, 1, 3, 5, 2, 4))
        .reshape(x.size(0), block * block * x.size(1), rows, columns);
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

  /** Equal parts; the last ones are shorter where the length does not divide. */
  private static long[] equalParts(long length, int parts) {
    long size = (length + parts - 1) / parts;
    long[] sizes = new long[parts];
    Arrays.setAll(sizes, i -> Math.max(0, Math.min(size, length - i * size)));
    return sizes;
  }

  /** Broadcasts both ways: an axis of length 1 in the wanted shape keeps the input's length. */
  private static List<Value> expand(Call call) {
    long[] to = IntegerArithmetic.commonShape(call, call.value(0).shape(), call.longs(1));
    if (call.value(0) instanceof IntegerValue integers
        && Shapes.count(to) <= IntegerValue.MAXIMUM_ELEMENTS) {
      return List.of(IntegerArithmetic.expanded(integers, to));
    }
    NativeMemory.require(call, to); // what reads the view will lay it out
    return List.of(new TensorValue(call.tensor(0).expand(to)));
  }

  private static Tensor tile(Call call) {
    long[] shape = call.value(0).shape();
    long[] repeats = call.longs(1);
    if (repeats.length != shape.length) {
      throw call.failure(
          Arrays.toString(repeats)
              + " must hold one number for each axis of the shape "
              + Arrays.toString(shape)
              + ".");
    }
    long[] to = new long[shape.length];
    for (int axis = 0; axis < to.length; axis++) {
      to[axis] = Math.multiplyExact(shape[axis], repeats[axis]);
    }
    NativeMemory.require(call, to);
    return call.tensor(0).repeat(repeats);
  }

  private static List<Value> constantOfShape(Call call) {
    long[] shape = call.longs(0);
    Optional<OnnxTensor> value = call.node().tensor("value");
    ElementType type = value.map(OnnxTensor::type).orElse(ElementType.FLOAT);
    NativeMemory.require(call, shape);
    long count = Shapes.count(shape);
    if (IntegerValue.holds(type, count)) {
      long[] data = new long[(int) count];
      Arrays.fill(data, value.map(v -> v.toLongs()[0]).orElse(0L));
      return List.of(new IntegerValue(type, data, shape));
    }
    Scalar fill =
        type.isFloating()
            ? Call.scalar(value.map(v -> v.toDoubles()[0]).orElse(0.0))
            : Call.whole(value.map(v -> v.toLongs()[0]).orElse(0L));
    ScalarType made = type.isFloating() ? ScalarTypes.of(type) : ScalarType.Long;
    Tensor filled = full(shape, fill, new TensorOptions(made));
    return List.of(new TensorValue(filled.to(ScalarTypes.of(type))));
  }

  /** start + i delta for i below ceil((limit - start) / delta); empty where that is negative. */
  private static List<Value> range(Call call) {
    ElementType type = call.value(0).type();
    if (type.isFloating()) {
      return List.of(new TensorValue(realRange(call).to(ScalarTypes.of(type))));
    }
    long start = call.longs(0)[0];
    long delta = call.longs(2)[0];
    requireStep(call, delta != 0);
    // Rounded up: the negative of the negative quotient rounded down.
    long count = Math.max(0, -Math.floorDiv(start - call.longs(1)[0], delta));
    if (IntegerValue.holds(type, count)) {
      long[] data = new long[(int) count];
      Arrays.setAll(data, i -> start + i * delta);
      return List.of(IntegerArithmetic.wrapped(type, data, count));
    }
    NativeMemory.require(call, count);
    Tensor steps = torch.arange(Call.whole(count), new TensorOptions(ScalarType.Long));
    Tensor values = steps.mul(Call.whole(delta)).add(Call.whole(start));
    return List.of(new TensorValue(values.to(ScalarTypes.of(type))));
  }

  private static Tensor realRange(Call call) {
    double start = call.real(0, 0);
    double delta = call.real(2, 1);
    requireStep(call, delta != 0);
    long count = (long) Math.max(0, Math.ceil((call.real(1, 0) - start) / delta));
    NativeMemory.require(call, count);
    return torch
        .arange(Call.whole(count), new TensorOptions(ScalarType.Double))
        .mul_(Call.scalar(delta))
        .add_(Call.scalar(start));
  }

  private static void requireStep(Call call, boolean moves) {
    if (!moves) {
      throw call.failure("the step of a range must not be 0.");
    }
  }
}

package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.index_select;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Operators that read or write slices at positions that a tensor of indices names. */
final class Scattering {
  private Scattering() {}

  static void register(Operators operators) {
    operators
        .tensor("GatherND", Scattering::gatherSlices)
        .tensor("ScatterND", Scattering::scatterSlices)
        .tensor("ScatterElements", Scattering::scatterElements);
  }

  /**
   * Slices of the data: indices [b.., i.., k] name positions on the k axes behind the b batch axes;
   * the result is [b.., i.., rest..].
   */
  private static Tensor gatherSlices(Call call) {
    Tensor data = call.tensor(0);
    Tensor indices = call.tensor(1).to(ScalarType.Long);
    long[] shape = Shapes.of(data);
    long[] named = Shapes.of(indices);
    int batchAxes = (int) call.integer("batch_dims", 0);
    int depth = (int) named[named.length - 1];
    requireDepth(call, batchAxes + depth, shape);
    long batches = Shapes.count(Arrays.copyOf(shape, batchAxes));
    long[] inner = Arrays.copyOfRange(shape, batchAxes, batchAxes + depth);
    long[] rest = Arrays.copyOfRange(shape, batchAxes + depth, shape.length);
    long places = Shapes.count(inner);
    long perBatch = Shapes.count(Arrays.copyOfRange(named, batchAxes, named.length - 1));
    // [b.., i.., k] -> [B, M, k] -> [B, M]
    Tensor flat = flatPositions(indices.reshape(batches, perBatch, depth), inner);
    Tensor offsets =
        torch.arange(Call.whole(batches)).to(ScalarType.Long).mul(Call.whole(places)).unsqueeze(1);
    // [b.., inner.., rest..] -> [B * inner, rest]
    Tensor rows = data.reshape(batches * places, Shapes.count(rest));
    Tensor picked = index_select(rows, 0, flat.add(offsets).reshape(batches * perBatch));
    return picked.reshape(joined(Arrays.copyOf(named, named.length - 1), rest));
  }

  private static void requireDepth(Call call, int axes, long[] shape) {
    if (axes > shape.length) {
      throw call.failure(
          "the indices name positions on "
              + axes
              + " axes but the data have shape "
              + Arrays.toString(shape)
              + ".");
    }
  }

  /** Positions [.., k] on axes of the given lengths as positions on those axes joined, [..]. */
  private static Tensor flatPositions(Tensor indices, long[] lengths) {
    int last = (int) indices.dim() - 1;
    long[] strides = new long[lengths.length];
    long stride = 1;
    for (int axis = lengths.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= lengths[axis];
    }
    Tensor limits = IntegerValue.vector(lengths).toTensor();
    Tensor positive = torch.where(indices.lt(Call.whole(0)), indices.add(limits), indices);
    return positive
        .mul(IntegerValue.vector(strides).toTensor())
        .sum(new long[] {last}, false, new org.bytedeco.pytorch.ScalarTypeOptional());
  }

  /** The data with slices at indices [i.., k] replaced by, or combined with, updates. */
  private static Tensor scatterSlices(Call call) {
    Tensor data = call.tensor(0);
    Tensor indices = call.tensor(1).to(ScalarType.Long);
    long[] shape = Shapes.of(data);
    long[] named = Shapes.of(indices);
    int depth = (int) named[named.length - 1];
    requireDepth(call, depth, shape);
    long[] inner = Arrays.copyOf(shape, depth);
    long width = Shapes.count(Arrays.copyOfRange(shape, depth, shape.length));
    long count = Shapes.count(Arrays.copyOf(named, named.length - 1));
    Tensor places = flatPositions(indices.reshape(count, depth), inner); // [M]
    Tensor rows = data.reshape(Shapes.count(inner), width); // [P, R]
    Tensor updates = call.tensor(2).reshape(count, width); // [M, R]
    Tensor result = combined(call, rows, 0, places.unsqueeze(1).expand(count, width), updates);
    return result.reshape(shape);
  }

  private static Tensor scatterElements(Call call) {
    Tensor data = call.tensor(0);
    int axis = Shapes.axis(call.integer("axis", 0), (int) data.dim());
    Tensor indices = call.tensor(1).to(ScalarType.Long);
    Tensor positive =
        torch.where(indices.lt(Call.whole(0)), indices.add(Call.whole(data.size(axis))), indices);
    return combined(call, data, axis, positive, call.tensor(2));
  }

  /** Writes updates along an axis; indices and updates have one shape. */
  private static Tensor combined(Call call, Tensor data, long axis, Tensor indices, Tensor given) {
    // Under bf16 one of them may be a part that the graph makes itself, in fp32.
    Tensor updates = given.to(ScalarTypes.of(data));
    return switch (call.node().text("reduction", "none")) {
      case "none" -> data.scatter(axis, indices, updates);
      case "add" -> data.scatter_add(axis, indices, updates);
      case "mul" -> data.scatter_reduce(axis, indices, updates, "prod", true);
      case "max" -> data.scatter_reduce(axis, indices, updates, "amax", true);
      case "min" -> data.scatter_reduce(axis, indices, updates, "amin", true);
      default ->
          throw call.failure(
              "the reduction "
                  + call.node().text("reduction", "none")
                  + " is not known; none, add, mul, max and min are.");
    };
  }

  private static long[] joined(long[] first, long[] second) {
    long[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}

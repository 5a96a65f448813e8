package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.constant_pad_nd;
import static org.bytedeco.pytorch.global.torch.index_select;

import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Elements laid around a tensor, or with negative numbers cut off it. */
final class Pads {
  private Pads() {}

  static void register(Operators operators) {
    operators.shapeAware("Pad", Pads::pad);
  }

  private static Tensor pad(Call call) {
    Tensor x = call.tensor(0);
    int rank = (int) x.dim();
    long[] given = call.longs(1);
    long[] axes = call.optionalLongs(3).orElseGet(() -> Shapes.all(rank));
    if (given.length != 2 * axes.length) {
      throw call.failure(
          "pads must hold "
              + 2 * axes.length
              + " numbers but hold "
              + Arrays.toString(given)
              + ".");
    }
    long[] begin = new long[rank];
    long[] end = new long[rank];
    for (int i = 0; i < axes.length; i++) {
      int axis = Shapes.axis(axes[i], rank);
      begin[axis] = given[i];
      end[axis] = given[i + axes.length];
    }
    long[] to = Shapes.of(x);
    for (int axis = 0; axis < rank; axis++) {
      to[axis] = Math.addExact(to[axis], Math.addExact(begin[axis], end[axis]));
    }
    NativeMemory.require(call, to);
    String mode = call.node().text("mode", "constant");
    if (mode.equals("constant")) {
      return constant_pad_nd(x, new Padding(begin, end).lastAxisFirst(), fill(call, x));
    }
    Tensor result = x;
    for (int axis = 0; axis < rank; axis++) {
      if (begin[axis] != 0 || end[axis] != 0) {
        long[] sources = sources(call, mode, begin[axis], end[axis], x.size(axis));
        result = index_select(result, axis, IntegerValue.vector(sources).toTensor());
      }
    }
    return new Tensor(result);
  }

  private static Scalar fill(Call call, Tensor x) {
    if (!call.has(2)) {
      return Call.whole(0);
    }
    return x.is_floating_point() ? Call.scalar(call.real(2, 0)) : Call.whole(call.longs(2)[0]);
  }

  /** The element of the old axis that each element of the new one repeats. */
  private static long[] sources(Call call, String mode, long begin, long end, long length) {
    long[] sources = new long[(int) Math.max(0, begin + length + end)];
    if (length == 0 && sources.length > 0) {
      throw call.failure("an empty axis has no elements for pad mode " + mode + ".");
    }
    for (int i = 0; i < sources.length; i++) {
      long place = i - begin;
      sources[i] =
          switch (mode) {
            case "edge" -> Math.max(0, Math.min(length - 1, place));
            case "wrap" -> Math.floorMod(place, length);
            case "reflect" -> reflected(place, length);
            default ->
                throw call.failure(
                    "pad mode " + mode + " is not known; constant, edge, reflect and wrap are.");
          };
    }
    return sources;
  }

  /** Back and forth without repeating the ends: ... 2 1 0 1 2 ... n-2 n-1 n-2 ... */
  private static long reflected(long place, long length) {
    if (length == 1) {
      return 0;
    }
    long within = Math.floorMod(place, 2 * (length - 1));
    return within < length ? within : 2 * (length - 1) - within;
  }
}

package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.amax;
import static org.bytedeco.pytorch.global.torch.amin;
import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.full_like;
import static org.bytedeco.pytorch.global.torch.linalg_vector_norm;
import static org.bytedeco.pytorch.global.torch.logsumexp;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Reductions over axes; sums of bf16 data are kept in fp32 until the end. */
final class Reductions {
  private Reductions() {}

  /** A reduction over given axes. */
  private interface Reduction {
    Tensor apply(Tensor x, long[] axes, boolean keep);
  }

  static void register(Operators operators) {
    add(operators, "ReduceMean", Reductions::mean);
    add(operators, "ReduceSum", (x, axes, keep) -> x.sum(axes, keep, typeOf(x)));
    add(operators, "ReduceMax", Reductions::maximum);
    add(operators, "ReduceMin", Reductions::minimum);
    add(operators, "ReduceProd", Reductions::product);
    add(operators, "ReduceL1", (x, axes, keep) -> x.abs().sum(axes, keep, typeOf(x)));
    add(operators, "ReduceL2", Reductions::euclidean);
    add(operators, "ReduceSumSquare", (x, axes, keep) -> x.mul(x).sum(axes, keep, typeOf(x)));
    add(
        operators,
        "ReduceLogSum",
        (x, axes, keep) -> real(x).sum(axes, keep, new ScalarTypeOptional()).log());
    add(operators, "ReduceLogSumExp", (x, axes, keep) -> logsumexp(real(x), axes, keep));
    operators.shapeAware("CumSum", Reductions::cumulativeSum);
  }

  /** libtorch would widen integer sums to INT64; ONNX keeps the type. */
  private static ScalarTypeOptional typeOf(Tensor x) {
    return new ScalarTypeOptional(ScalarTypes.of(x));
  }

  private static void add(Operators operators, String name, Reduction reduction) {
    operators.shapeAware(name, call -> reduce(call, reduction));
  }

  private static Tensor reduce(Call call, Reduction reduction) {
    Tensor x = call.tensor(0);
    int rank = (int) x.dim();
    long[] axes = call.optionalLongs(1).orElseGet(() -> call.integers("axes"));
    boolean keep = call.integer("keepdims", 1) == 1;
    ScalarType type = ScalarTypes.of(x);
    Tensor wide = type == ScalarType.BFloat16 ? x.to(ScalarType.Float) : x;
    boolean elementwise = axes.length == 0 && call.integer("noop_with_empty_axes", 0) == 1;
    if (rank == 0 || elementwise) {
      // Over an axis of length 1, so that logarithms, squares and the like still apply.
      return reduction.apply(wide.unsqueeze(-1), new long[] {rank}, false).to(type);
    }
    long[] reduced = axes.length == 0 ? Shapes.all(rank) : Shapes.axes(axes, rank);
    return reduction.apply(wide, reduced, keep).to(type);
  }

  /** The tensor in real numbers, exact for all integers that are. */
  private static Tensor real(Tensor x) {
    return x.is_floating_point() ? x : x.to(ScalarType.Double);
  }

  private static Tensor mean(Tensor x, long[] axes, boolean keep) {
    return real(x).mean(axes, keep, new ScalarTypeOptional());
  }

  /** Unlike the root of a sum of squares it has a gradient where all elements are zero. */
  private static Tensor euclidean(Tensor x, long[] axes, boolean keep) {
    return linalg_vector_norm(real(x), Call.whole(2), axes, keep, new ScalarTypeOptional());
  }

  private static Tensor maximum(Tensor x, long[] axes, boolean keep) {
    return isEmptyAlong(x, axes) ? filled(x, axes, keep, true) : amax(x, axes, keep);
  }

  private static Tensor minimum(Tensor x, long[] axes, boolean keep) {
    return isEmptyAlong(x, axes) ? filled(x, axes, keep, false) : amin(x, axes, keep);
  }

  private static boolean isEmptyAlong(Tensor x, long[] axes) {
    for (long axis : axes) {
      if (x.size(axis) == 0) {
        return true;
      }
    }
    return false;
  }

  /** The extremum of no values: the least value of the type for a maximum, and the reverse. */
  private static Tensor filled(Tensor x, long[] axes, boolean keep, boolean least) {
    Scalar value =
        switch (ScalarTypes.of(x)) {
          case Bool, Byte -> Call.whole(least ? 0 : ScalarTypes.of(x) == ScalarType.Bool ? 1 : 255);
          case Char -> Call.whole(least ? Byte.MIN_VALUE : Byte.MAX_VALUE);
          case Short -> Call.whole(least ? Short.MIN_VALUE : Short.MAX_VALUE);
          case Int -> Call.whole(least ? Integer.MIN_VALUE : Integer.MAX_VALUE);
          case Long -> Call.whole(least ? Long.MIN_VALUE : Long.MAX_VALUE);
          default -> Call.scalar(least ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
        };
    Tensor shaped = x.sum(axes, keep, typeOf(x));
    return full_like(shaped, value);
  }

  private static Tensor product(Tensor x, long[] axes, boolean keep) {
    Tensor result = x;
    for (int i = axes.length - 1; i >= 0; i--) {
      result = result.prod(axes[i], keep, typeOf(x));
    }
    return result;
  }

  private static Tensor cumulativeSum(Call call) {
    long axis = call.longs(1)[0];
    boolean reverse = call.integer("reverse", 0) == 1;
    Tensor x = reverse ? call.tensor(0).flip(axis) : call.tensor(0);
    Tensor sum = x.cumsum(axis, typeOf(x));
    if (call.integer("exclusive", 0) == 1) {
      // Shifted rather than less the element itself, which would be lost beside large sums.
      long length = x.size(axis);
      Tensor zero = x.narrow(axis, 0, Math.min(1, length)).mul(Call.whole(0));
      TensorVector parts = new TensorVector(zero, sum.narrow(axis, 0, Math.max(0, length - 1)));
      sum = cat(parts, axis);
    }
    return reverse ? sum.flip(axis) : sum;
  }
}

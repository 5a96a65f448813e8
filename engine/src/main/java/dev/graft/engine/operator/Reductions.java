package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.amax;
import static org.bytedeco.pytorch.global.torch.amin;
import static org.bytedeco.pytorch.global.torch.logsumexp;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Reductions over axes; sums of bf16 data are kept in fp32 until the end. */
final class Reductions {
  private Reductions() {}

  /** A reduction over given axes. */
  private interface Reduction {
    Tensor apply(Tensor x, long[] axes, boolean keep);
  }

  static void register(Operators operators) {
    add(operators, "ReduceMean", (x, axes, keep) -> x.mean(axes, keep, new ScalarTypeOptional()));
    add(operators, "ReduceSum", (x, axes, keep) -> x.sum(axes, keep, typeOf(x)));
    add(operators, "ReduceMax", (x, axes, keep) -> amax(x, axes, keep));
    add(operators, "ReduceMin", (x, axes, keep) -> amin(x, axes, keep));
    add(operators, "ReduceProd", Reductions::product);
    add(operators, "ReduceL1", (x, axes, keep) -> x.abs().sum(axes, keep, typeOf(x)));
    add(operators, "ReduceL2", (x, axes, keep) -> x.mul(x).sum(axes, keep, typeOf(x)).sqrt());
    add(operators, "ReduceSumSquare", (x, axes, keep) -> x.mul(x).sum(axes, keep, typeOf(x)));
    add(operators, "ReduceLogSum", (x, axes, keep) -> x.sum(axes, keep, typeOf(x)).log());
    add(operators, "ReduceLogSumExp", (x, axes, keep) -> logsumexp(x, axes, keep));
    operators
        .tensor("ArgMax", call -> argument(call, call.tensor(0)))
        .tensor("ArgMin", call -> argument(call, call.tensor(0).neg()))
        .tensor("CumSum", Reductions::cumulativeSum);
  }

  /** libtorch would widen integer sums to INT64; ONNX keeps the type. */
  private static ScalarTypeOptional typeOf(Tensor x) {
    return new ScalarTypeOptional(ScalarTypes.of(x));
  }

  private static void add(Operators operators, String name, Reduction reduction) {
    operators.shapeAware(
        name,
        call -> {
          Tensor x = call.tensor(0);
          int rank = (int) x.dim();
          long[] axes = call.optionalLongs(1).orElseGet(() -> call.integers("axes"));
          if (axes.length == 0) {
            if (call.integer("noop_with_empty_axes", 0) == 1) {
              return new Tensor(x);
            }
            axes = Shapes.all(rank);
          }
          boolean keep = call.integer("keepdims", 1) == 1;
          if (rank == 0) {
            return new Tensor(x);
          }
          if (ScalarTypes.of(x) == ScalarType.BFloat16) {
            return reduction
                .apply(x.to(ScalarType.Float), Shapes.axes(axes, rank), keep)
                .to(ScalarType.BFloat16);
          }
          return reduction.apply(x, Shapes.axes(axes, rank), keep);
        });
  }

  private static Tensor product(Tensor x, long[] axes, boolean keep) {
    Tensor result = x;
    for (int i = axes.length - 1; i >= 0; i--) {
      result = result.prod(axes[i], keep, typeOf(x));
    }
    return result;
  }

  private static Tensor argument(Call call, Tensor x) {
    long axis = call.integer("axis", 0);
    boolean keep = call.integer("keepdims", 1) == 1;
    if (call.integer("select_last_index", 0) == 0) {
      return x.argmax(new LongOptional(axis), keep);
    }
    Tensor fromEnd = x.flip(axis).argmax(new LongOptional(axis), keep);
    return fromEnd.neg().add(Call.whole(x.size(axis) - 1));
  }

  private static Tensor cumulativeSum(Call call) {
    long axis = call.longs(1)[0];
    boolean reverse = call.integer("reverse", 0) == 1;
    Tensor x = reverse ? call.tensor(0).flip(axis) : call.tensor(0);
    Tensor sum = x.cumsum(axis, typeOf(x));
    if (call.integer("exclusive", 0) == 1) {
      sum = sum.sub(x);
    }
    return reverse ? sum.flip(axis) : sum;
  }
}

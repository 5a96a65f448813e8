package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.sort;

import java.util.List;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;

/** Operators that order elements: the largest, the smallest and where they are. */
final class Ranking {
  private Ranking() {}

  /** The position of an extremum along an axis. */
  private interface Position {
    Tensor apply(Tensor x, LongOptional axis, boolean keep);
  }

  static void register(Operators operators) {
    operators
        .add("TopK", Ranking::topK)
        .tensor("ArgMax", call -> position(call, Tensor::argmax))
        .tensor("ArgMin", call -> position(call, Tensor::argmin));
  }

  /**
   * Values and positions of the k largest or smallest elements; of equal ones the first comes
   * first, which only a stable sort keeps.
   */
  private static List<Value> topK(Call call) {
    Tensor x = call.tensor(0);
    long count = call.longs(1)[0];
    int axis = Shapes.axis(call.integer("axis", -1), (int) x.dim());
    if (count < 0 || count > x.size(axis)) {
      throw call.failure(
          count + " elements are asked for, but axis " + axis + " has " + x.size(axis) + ".");
    }
    boolean descending = call.integer("largest", 1) == 1;
    T_TensorTensor_T sorted = sort(x, new BoolOptional(true), axis, descending);
    return List.of(
        new TensorValue(sorted.get0().narrow(axis, 0, count)),
        new TensorValue(sorted.get1().narrow(axis, 0, count)));
  }

  private static Tensor position(Call call, Position position) {
    Tensor x = call.tensor(0);
    LongOptional axis = new LongOptional(call.integer("axis", 0));
    boolean keep = call.integer("keepdims", 1) == 1;
    if (call.integer("select_last_index", 0) == 0) {
      return position.apply(x, axis, keep);
    }
    Tensor fromEnd = position.apply(x.flip(axis.get()), axis, keep);
    return fromEnd.neg().add(Call.whole(x.size(axis.get()) - 1));
  }
}

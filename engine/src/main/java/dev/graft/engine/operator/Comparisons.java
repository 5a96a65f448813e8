package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.isnan;

import dev.graft.onnx.ElementType;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;
import org.bytedeco.pytorch.Tensor;

/** Comparisons, logic and choice. */
final class Comparisons {
  private Comparisons() {}

  static void register(Operators operators) {
    truth(operators, "Equal", Tensor::eq, (a, b) -> a == b ? 1 : 0);
    truth(operators, "Less", Tensor::lt, (a, b) -> a < b ? 1 : 0);
    truth(operators, "LessOrEqual", Tensor::le, (a, b) -> a <= b ? 1 : 0);
    truth(operators, "Greater", Tensor::gt, (a, b) -> a > b ? 1 : 0);
    truth(operators, "GreaterOrEqual", Tensor::ge, (a, b) -> a >= b ? 1 : 0);
    truth(operators, "And", Tensor::logical_and, (a, b) -> a & b);
    truth(operators, "Or", Tensor::logical_or, (a, b) -> a | b);
    truth(operators, "Xor", Tensor::logical_xor, (a, b) -> a ^ b);
    operators
        .add("Not", Comparisons::not)
        .add("Where", Comparisons::where)
        .tensor("IsNaN", call -> isnan(call.tensor(0)))
        .tensor("IsInf", Comparisons::isInfinite);
  }

  /** Two operands to truth values, on Java integers where both are such. */
  private static void truth(
      Operators operators,
      String name,
      BinaryOperator<Tensor> onTensors,
      LongBinaryOperator onIntegers) {
    operators.add(
        name,
        call -> {
          if (IntegerArithmetic.applies(call)) {
            return List.of(IntegerArithmetic.broadcast(call, ElementType.BOOL, onIntegers));
          }
          NativeMemory.requireBroadcast(call);
          return List.of(new TensorValue(onTensors.apply(call.tensor(0), call.tensor(1))));
        });
  }

  private static List<Value> not(Call call) {
    return List.of(
        call.value(0) instanceof IntegerValue integers
            ? IntegerArithmetic.map(integers, a -> 1 - a)
            : new TensorValue(call.tensor(0).logical_not()));
  }

  private static List<Value> where(Call call) {
    if (IntegerArithmetic.applies(call)) {
      return List.of(
          IntegerArithmetic.choose(call, call.integers(0), call.integers(1), call.integers(2)));
    }
    NativeMemory.requireBroadcast(call);
    return List.of(new TensorValue(call.tensor(1).where(call.tensor(0), call.tensor(2))));
  }

  private static Tensor isInfinite(Call call) {
    Tensor x = call.tensor(0);
    Tensor up = x.eq(Call.scalar(Double.POSITIVE_INFINITY));
    Tensor down = x.eq(Call.scalar(Double.NEGATIVE_INFINITY));
    boolean positive = call.integer("detect_positive", 1) == 1;
    boolean negative = call.integer("detect_negative", 1) == 1;
    if (positive && negative) {
      return up.logical_or(down);
    }
    if (!positive && !negative) {
      return up.logical_and(down);
    }
    return positive ? up : down;
  }
}

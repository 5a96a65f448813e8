package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.ceil;
import static org.bytedeco.pytorch.global.torch.erf;
import static org.bytedeco.pytorch.global.torch.exp;
import static org.bytedeco.pytorch.global.torch.floor;
import static org.bytedeco.pytorch.global.torch.floor_divide;
import static org.bytedeco.pytorch.global.torch.fmod;
import static org.bytedeco.pytorch.global.torch.log;
import static org.bytedeco.pytorch.global.torch.maximum;
import static org.bytedeco.pytorch.global.torch.minimum;
import static org.bytedeco.pytorch.global.torch.pow;
import static org.bytedeco.pytorch.global.torch.reciprocal;
import static org.bytedeco.pytorch.global.torch.remainder;
import static org.bytedeco.pytorch.global.torch.round;
import static org.bytedeco.pytorch.global.torch.sqrt;

import dev.graft.onnx.ElementType;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Arithmetic with ONNX's (NumPy's) broadcasting. */
final class Arithmetic {
  private Arithmetic() {}

  static void register(Operators operators) {
    binary(operators, "Add", Tensor::add, Long::sum);
    binary(operators, "Sub", Tensor::sub, (a, b) -> a - b);
    binary(operators, "Mul", Tensor::mul, (a, b) -> a * b);
    operators
        .add("Div", Arithmetic::divide)
        .shapeAware("Mod", Arithmetic::modulo)
        .tensor("Pow", Arithmetic::power)
        .shapeAware("Neg", call -> call.tensor(0).neg())
        .shapeAware("Abs", call -> call.tensor(0).abs())
        .shapeAware("Sign", call -> call.tensor(0).sign())
        .tensor("Sqrt", call -> sqrt(call.tensor(0)))
        .tensor("Exp", call -> exp(call.tensor(0)))
        .tensor("Log", call -> log(call.tensor(0)))
        .tensor("Erf", call -> erf(call.tensor(0)))
        .tensor("Sin", call -> call.tensor(0).sin())
        .tensor("Cos", call -> call.tensor(0).cos())
        .tensor("Floor", call -> floor(call.tensor(0)))
        .tensor("Ceil", call -> ceil(call.tensor(0)))
        .tensor("Round", call -> round(call.tensor(0)))
        .tensor("Reciprocal", call -> reciprocal(call.tensor(0)))
        .shapeAware("Max", call -> fold(call, (a, b) -> maximum(a, b)))
        .shapeAware("Min", call -> fold(call, (a, b) -> minimum(a, b)))
        .tensor("Sum", call -> fold(call, Tensor::add))
        .add("Cast", call -> cast(call, call.elementType("to", ElementType.FLOAT)))
        .add("CastLike", call -> cast(call, call.value(1).type()));
  }

  /** Two operands of the same type, on Java integers where both are such and of one length. */
  private static void binary(
      Operators operators,
      String name,
      BinaryOperator<Tensor> onTensors,
      LongBinaryOperator onIntegers) {
    operators.add(
        name,
        call -> {
          if (call.value(0) instanceof IntegerValue left
              && call.value(1) instanceof IntegerValue right) {
            return List.of(elementwise(call, left, right, onTensors, onIntegers));
          }
          return List.of(new TensorValue(onTensors.apply(call.tensor(0), call.tensor(1))));
        });
  }

  private static Value elementwise(
      Call call,
      IntegerValue left,
      IntegerValue right,
      BinaryOperator<Tensor> onTensors,
      LongBinaryOperator onIntegers) {
    boolean sameLength = left.data().length == right.data().length;
    boolean scalarRight = right.data().length == 1 && right.shape().length <= left.shape().length;
    if (!(sameLength && left.shape().length == right.shape().length) && !scalarRight) {
      return Operators.integersWherePossible(onTensors.apply(call.tensor(0), call.tensor(1)));
    }
    long[] result = new long[left.data().length];
    for (int i = 0; i < result.length; i++) {
      result[i] = onIntegers.applyAsLong(left.data()[i], right.data()[scalarRight ? 0 : i]);
    }
    return new IntegerValue(left.type(), result, left.shape());
  }

  /** Integers truncate toward zero, as ONNX (and C) says; libtorch's plain division would not. */
  private static List<Value> divide(Call call) {
    if (call.allIntegers()) {
      for (long divisor : call.longs(1)) {
        if (divisor == 0) {
          throw call.failure("integer division by zero.");
        }
      }
      return List.of(
          elementwise(
              call, call.integers(0), call.integers(1), Arithmetic::truncate, (a, b) -> a / b));
    }
    Tensor numerator = call.tensor(0);
    Tensor denominator = call.tensor(1);
    return List.of(
        new TensorValue(
            numerator.is_floating_point()
                ? numerator.div(denominator)
                : truncate(numerator, denominator)));
  }

  /**
   * Less its remainder, which has the numerator's sign, a numerator divides without rest.
   * (libtorch's own truncating division takes its mode as a string whose memory the binding frees
   * too early.)
   */
  private static Tensor truncate(Tensor numerator, Tensor denominator) {
    return floor_divide(numerator.sub(fmod(numerator, denominator)), denominator);
  }

  private static Tensor modulo(Call call) {
    return call.integer("fmod", 0) == 1
        ? fmod(call.tensor(0), call.tensor(1))
        : remainder(call.tensor(0), call.tensor(1));
  }

  /** The result has the base's type. */
  private static Tensor power(Call call) {
    Tensor base = call.tensor(0);
    Tensor exponent = call.tensor(1);
    boolean trains = exponent.requires_grad();
    if (exponent.numel() == 1 && exponent.dim() <= base.dim() && !trains) {
      double value = call.real(1, 1);
      return value == 2 ? base.mul(base) : pow(base, Call.scalar(value)).to(ScalarTypes.of(base));
    }
    return pow(base, exponent).to(ScalarTypes.of(base));
  }

  private static Tensor fold(Call call, BinaryOperator<Tensor> operation) {
    Tensor result = call.tensor(0);
    if (call.inputs().length == 1) {
      return new Tensor(result);
    }
    for (int i = 1; i < call.inputs().length; i++) {
      result = operation.apply(result, call.tensor(i));
    }
    return result;
  }

  private static List<Value> cast(Call call, ElementType target) {
    if (call.value(0) instanceof IntegerValue integers
        && IntegerValue.holds(target, integers.data().length)) {
      return List.of(castIntegers(integers, target));
    }
    Tensor source = call.tensor(0);
    // A float type asked for by the graph means "the float type of this run": under bf16, a cast
    // to fp32 and back would only undo the precision that was chosen.
    boolean staysFloat = source.is_floating_point() && target.isFloating();
    Tensor result =
        staysFloat && ScalarTypes.of(source) == ScalarType.BFloat16
            ? new Tensor(source)
            : source.to(ScalarTypes.of(target));
    if (source.is_floating_point() && target.isInteger()) {
      return List.of(new TensorValue(result));
    }
    return List.of(
        call.value(0) instanceof IntegerValue
            ? Operators.integersWherePossible(result)
            : new TensorValue(result));
  }

  private static IntegerValue castIntegers(IntegerValue integers, ElementType target) {
    long[] values = integers.data().clone();
    for (int i = 0; i < values.length; i++) {
      if (target == ElementType.BOOL) {
        values[i] = values[i] != 0 ? 1 : 0;
      } else if (target == ElementType.INT32) {
        values[i] = (int) values[i];
      }
    }
    return new IntegerValue(target, values, integers.shape());
  }
}

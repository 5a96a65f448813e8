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
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;
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
        .add("Mod", Arithmetic::modulo)
        .tensor("Pow", Arithmetic::power)
        .add("Neg", call -> unary(call, Tensor::neg, a -> -a))
        .add("Abs", call -> unary(call, Tensor::abs, Math::abs))
        .add("Sign", call -> unary(call, Tensor::sign, Long::signum))
        .tensor("Sqrt", call -> sqrt(call.tensor(0)))
        .tensor("Exp", call -> exp(call.tensor(0)))
        .tensor("Log", call -> log(call.tensor(0)))
        .tensor("Erf", call -> erf(call.tensor(0)))
        .tensor("Sin", call -> call.tensor(0).sin())
        .tensor("Cos", call -> call.tensor(0).cos())
        .tensor("Tan", call -> call.tensor(0).tan())
        .tensor("Asin", call -> call.tensor(0).asin())
        .tensor("Acos", call -> call.tensor(0).acos())
        .tensor("Atan", call -> call.tensor(0).atan())
        .tensor("Sinh", call -> call.tensor(0).sinh())
        .tensor("Cosh", call -> call.tensor(0).cosh())
        .tensor("Asinh", call -> call.tensor(0).asinh())
        .tensor("Acosh", call -> call.tensor(0).acosh())
        .tensor("Atanh", call -> call.tensor(0).atanh())
        .tensor("Floor", call -> floor(call.tensor(0)))
        .tensor("Ceil", call -> ceil(call.tensor(0)))
        .tensor("Round", call -> round(call.tensor(0)))
        .tensor("Reciprocal", call -> reciprocal(call.tensor(0)))
        .add("Max", call -> extremum(call, (a, b) -> maximum(a, b), Math::max))
        .add("Min", call -> extremum(call, (a, b) -> minimum(a, b), Math::min))
        .tensor("Sum", call -> fold(call, Tensor::add))
        .tensor("Mean", Arithmetic::mean);
  }

  private static List<Value> unary(
      Call call, UnaryOperator<Tensor> onTensor, LongUnaryOperator onIntegers) {
    return List.of(
        call.value(0) instanceof IntegerValue integers
            ? IntegerArithmetic.map(integers, onIntegers)
            : new TensorValue(onTensor.apply(call.tensor(0))));
  }

  /** Two operands of the same type, on Java integers where both are such. */
  private static void binary(
      Operators operators,
      String name,
      BinaryOperator<Tensor> onTensors,
      LongBinaryOperator onIntegers) {
    operators.add(
        name,
        call -> {
          if (IntegerArithmetic.applies(call)) {
            return List.of(IntegerArithmetic.broadcast(call, call.integers(0).type(), onIntegers));
          }
          NativeMemory.requireBroadcast(call);
          return List.of(new TensorValue(onTensors.apply(call.tensor(0), call.tensor(1))));
        });
  }

  /** Integers truncate toward zero, as ONNX (and C) says; libtorch's plain division would not. */
  private static List<Value> divide(Call call) {
    if (IntegerArithmetic.applies(call)) {
      requireNoZero(call);
      return List.of(IntegerArithmetic.broadcast(call, call.integers(0).type(), (a, b) -> a / b));
    }
    NativeMemory.requireBroadcast(call);
    Tensor numerator = call.tensor(0);
    Tensor denominator = call.tensor(1);
    return List.of(
        new TensorValue(
            numerator.is_floating_point()
                ? numerator.div(denominator)
                : truncate(numerator, denominator)));
  }

  private static void requireNoZero(Call call) {
    for (long divisor : call.longs(1)) {
      if (divisor == 0) {
        throw call.failure("integer division by zero.");
      }
    }
  }

  /**
   * Less its remainder, which has the numerator's sign, a numerator divides without rest.
   * (libtorch's own truncating division takes its mode as a string whose memory the binding frees
   * too early.)
   */
  private static Tensor truncate(Tensor numerator, Tensor denominator) {
    if (!overflows(denominator)) {
      return floor_divide(numerator.sub(fmod(numerator, denominator)), denominator);
    }
    Tensor divisor = withoutMinusOne(denominator);
    Tensor quotient = floor_divide(numerator.sub(fmod(numerator, divisor)), divisor);
    return quotient.where(denominator.ne(Call.whole(-1)), numerator.neg());
  }

  /** Whether the quotient of the least integer and -1 is beyond the type, so that it traps. */
  private static boolean overflows(Tensor divisor) {
    ScalarType type = ScalarTypes.of(divisor);
    return type == ScalarType.Int || type == ScalarType.Long;
  }

  /** The processor stops the process that divides the least integer by -1. */
  private static Tensor withoutMinusOne(Tensor divisor) {
    return divisor.masked_fill(divisor.eq(Call.whole(-1)), Call.whole(1));
  }

  /** The remainder with the sign of the divisor, or with that of the dividend for fmod. */
  private static List<Value> modulo(Call call) {
    boolean truncates = call.integer("fmod", 0) == 1;
    if (IntegerArithmetic.applies(call)) {
      requireNoZero(call);
      ElementType type = call.integers(0).type();
      return List.of(
          truncates
              ? IntegerArithmetic.broadcast(call, type, (a, b) -> a % b)
              : IntegerArithmetic.broadcast(call, type, Math::floorMod));
    }
    Tensor x = call.tensor(0);
    Tensor given = call.tensor(1);
    NativeMemory.requireBroadcast(call);
    // By 1 and by -1 no rest is left.
    Tensor y = overflows(given) ? withoutMinusOne(given) : given;
    return List.of(new TensorValue(truncates ? fmod(x, y) : remainder(x, y)));
  }

  /** The result has the base's type. */
  private static Tensor power(Call call) {
    NativeMemory.requireBroadcast(call);
    Tensor base = call.tensor(0);
    Tensor exponent = call.tensor(1);
    if (!base.is_floating_point()) {
      return integerPower(base, exponent);
    }
    boolean trains = exponent.requires_grad();
    if (exponent.numel() == 1 && exponent.dim() <= base.dim() && !trains) {
      double value = call.real(1, 1);
      return value == 2 ? base.mul(base) : pow(base, Call.scalar(value)).to(ScalarTypes.of(base));
    }
    return pow(base, exponent).to(ScalarTypes.of(base));
  }

  /** Exact where the exponents are natural numbers, else by way of real numbers. */
  private static Tensor integerPower(Tensor base, Tensor exponent) {
    boolean natural =
        !exponent.is_floating_point()
            && (exponent.numel() == 0 || exponent.min().item().toLong() >= 0);
    Tensor from = natural ? base : base.to(ScalarType.Double);
    return pow(from, exponent).to(ScalarTypes.of(base));
  }

  private static List<Value> extremum(
      Call call, BinaryOperator<Tensor> onTensors, LongBinaryOperator onIntegers) {
    if (call.inputs().length > 1 && IntegerArithmetic.applies(call)) {
      return List.of(IntegerArithmetic.broadcast(call, call.integers(0).type(), onIntegers));
    }
    return List.of(new TensorValue(fold(call, onTensors)));
  }

  private static Tensor mean(Call call) {
    return fold(call, Tensor::add).div(Call.scalar(call.inputs().length));
  }

  private static Tensor fold(Call call, BinaryOperator<Tensor> operation) {
    NativeMemory.requireBroadcast(call);
    Tensor result = call.tensor(0);
    if (call.inputs().length == 1) {
      return new Tensor(result);
    }
    for (int i = 1; i < call.inputs().length; i++) {
      result = operation.apply(result, call.tensor(i));
    }
    return result;
  }
}

package dev.graft.engine.operator;

import dev.graft.onnx.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongBinaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Lets an operator take unsigned numbers of 16, 32 and 64 bits, which libtorch stores and converts
 * but hardly computes with: they are widened to INT64 before and narrowed after.
 *
 * <p>64 bits keep their pattern, so that sums, differences and products come out right modulo 2^64;
 * where order matters the top bit is flipped on both sides, which makes signed order of unsigned;
 * quotients and remainders of large numbers are formed in Java.
 */
public final class WideUnsigned implements Operator {
  /** Operators that move elements or convert them as they are. */
  private static final Set<String> NATIVE =
      Set.of("Cast", "CastLike", "Identity", "Shape", "Size", "Dropout");

  private static final Set<String> ORDERING =
      Set.of(
          "ArgMax",
          "ArgMin",
          "Clip",
          "Greater",
          "GreaterOrEqual",
          "Less",
          "LessOrEqual",
          "Max",
          "Min",
          "ReduceMax",
          "ReduceMin",
          "TopK");

  /** Operators whose integer outputs are positions and not elements. */
  private static final Set<String> POSITIONS = Set.of("ArgMax", "ArgMin", "NonZero");

  private final Operator inner;

  private WideUnsigned(Operator inner) {
    this.inner = inner;
  }

  /** The operator for graphs in which such numbers occur. */
  public static Operator around(String name, Operator operator) {
    return NATIVE.contains(name) ? operator : new WideUnsigned(operator);
  }

  /** Whether a type is one of those that need widening. */
  public static boolean isWide(ElementType type) {
    return type == ElementType.UINT16 || type == ElementType.UINT32 || type == ElementType.UINT64;
  }

  @Override
  public List<Value> apply(Call call) {
    ElementType element = elementType(call);
    boolean flips = element == ElementType.UINT64 && ORDERING.contains(call.node().operator());
    @Nullable Value[] inputs = call.inputs().clone();
    boolean any = false;
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i] instanceof TensorValue value && isWide(value.type())) {
        Tensor wide = value.tensor().to(ScalarType.Long);
        inputs[i] = new TensorValue(flips ? flipped(wide) : wide);
        any = true;
      }
    }
    if (!any) {
      return inner.apply(call);
    }
    Call widened =
        new Call(call.node(), inputs, call.overwriteFirst(), call.batchStatistics(), call.seed());
    if (element == ElementType.UINT64) {
      Tensor quotient = largeQuotient(widened);
      if (quotient != null) {
        return List.of(new TensorValue(quotient.to(ScalarType.UInt64)));
      }
    }
    List<Value> outputs = new ArrayList<>();
    for (Value output : inner.apply(widened)) {
      boolean holdsElements =
          isWide(element)
              && output.type() == ElementType.INT64
              && !POSITIONS.contains(call.node().operator())
              && !(call.node().is("TopK") && outputs.size() == 1);
      outputs.add(holdsElements ? narrowed(output, element, flips) : output);
    }
    return outputs;
  }

  /** The type of what the operator computes with, from the input that tells it. */
  private static ElementType elementType(Call call) {
    int input =
        switch (call.node().operator()) {
          case "OneHot" -> 2;
          case "Where" -> 1;
          default -> 0;
        };
    return call.value(input).type();
  }

  private static Value narrowed(Value output, ElementType type, boolean flips) {
    Tensor wide =
        output instanceof IntegerValue integers
            ? integers.toTensor()
            : ((TensorValue) output).tensor();
    return new TensorValue((flips ? flipped(wide) : wide).to(ScalarTypes.of(type)));
  }

  private static Tensor flipped(Tensor x) {
    return x.bitwise_xor(Call.whole(Long.MIN_VALUE));
  }

  /** Quotient or remainder where a number of 2^63 or more takes part. */
  private static @Nullable Tensor largeQuotient(Call call) {
    LongBinaryOperator operation =
        switch (call.node().operator()) {
          case "Div" -> Long::divideUnsigned;
          case "Mod" -> Long::remainderUnsigned;
          default -> null;
        };
    if (operation == null || !(isLarge(call.tensor(0)) || isLarge(call.tensor(1)))) {
      return null;
    }
    long[] shape =
        IntegerArithmetic.commonShape(call, call.value(0).shape(), call.value(1).shape());
    long[] left = IntegerValue.of(call.tensor(0).expand(shape)).data();
    long[] right = IntegerValue.of(call.tensor(1).expand(shape)).data();
    for (int i = 0; i < left.length; i++) {
      left[i] = operation.applyAsLong(left[i], right[i]);
    }
    return Tensor.create(left, shape);
  }

  private static boolean isLarge(Tensor x) {
    return x.numel() > 0 && torch.min(x).item().toLong() < 0;
  }
}

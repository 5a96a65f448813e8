package dev.graft.engine.operator;

import dev.graft.onnx.ElementType;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Changes of the element type. */
final class Casting {
  private Casting() {}

  static void register(Operators operators) {
    operators
        .add("Cast", call -> cast(call, target(call)))
        .add("CastLike", call -> cast(call, target(call)));
  }

  /**
   * The operator in a run that has chosen its float type: a change from one float type to another
   * is none, since under bf16 a cast to fp32 and back would only undo the precision that was
   * chosen, and a graph in fp16 runs in the precision of the run.
   */
  static List<Value> castWithinRun(Call call) {
    Value source = call.value(0);
    ElementType target = target(call);
    if (!target.isFloating()) {
      return cast(call, target);
    }
    if (source.type().isFloating() && target != ElementType.BFLOAT16) {
      return List.of(ShapeOperators.handedOn(source));
    }
    return cast(call, target == ElementType.BFLOAT16 ? target : ElementType.FLOAT);
  }

  private static ElementType target(Call call) {
    return call.node().operator().equals("CastLike")
        ? call.value(1).type()
        : call.elementType("to", ElementType.FLOAT);
  }

  private static List<Value> cast(Call call, ElementType target) {
    if (call.value(0) instanceof IntegerValue integers) {
      if (IntegerValue.holds(target, integers.data().length)) {
        return List.of(castIntegers(integers, target));
      }
      return List.of(new TensorValue(integers.toTensor().to(ScalarTypes.of(target))));
    }
    Tensor source = call.tensor(0);
    if (source.is_floating_point() && isWideUnsigned(target)) {
      // libtorch's way from floats to these types is undefined above the signed range.
      return List.of(new TensorValue(source.to(ScalarType.Long).to(ScalarTypes.of(target))));
    }
    return List.of(new TensorValue(source.to(ScalarTypes.of(target))));
  }

  private static boolean isWideUnsigned(ElementType type) {
    return type == ElementType.UINT16 || type == ElementType.UINT32;
  }

  private static IntegerValue castIntegers(IntegerValue integers, ElementType target) {
    if (target == ElementType.BOOL) {
      long[] truths = integers.data().clone();
      for (int i = 0; i < truths.length; i++) {
        truths[i] = truths[i] == 0 ? 0 : 1;
      }
      return new IntegerValue(target, truths, integers.shape());
    }
    return IntegerArithmetic.wrapped(target, integers.data().clone(), integers.shape());
  }
}

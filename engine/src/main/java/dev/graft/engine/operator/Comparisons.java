package dev.graft.engine.operator;

import org.bytedeco.pytorch.Tensor;

/** Comparisons, logic and choice. */
final class Comparisons {
  private Comparisons() {}

  static void register(Operators operators) {
    operators
        .shapeAware("Equal", call -> call.tensor(0).eq(call.tensor(1)))
        .shapeAware("Less", call -> call.tensor(0).lt(call.tensor(1)))
        .shapeAware("LessOrEqual", call -> call.tensor(0).le(call.tensor(1)))
        .shapeAware("Greater", call -> call.tensor(0).gt(call.tensor(1)))
        .shapeAware("GreaterOrEqual", call -> call.tensor(0).ge(call.tensor(1)))
        .shapeAware("Not", call -> call.tensor(0).logical_not())
        .shapeAware("And", call -> call.tensor(0).logical_and(call.tensor(1)))
        .shapeAware("Or", call -> call.tensor(0).logical_or(call.tensor(1)))
        .shapeAware("Xor", call -> call.tensor(0).logical_xor(call.tensor(1)))
        .shapeAware("Where", Comparisons::where);
  }

  private static Tensor where(Call call) {
    return call.tensor(1).where(call.tensor(0), call.tensor(2));
  }
}

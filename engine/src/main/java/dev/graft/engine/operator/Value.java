package dev.graft.engine.operator;

import dev.graft.onnx.ElementType;

/** What flows along an edge of a running graph. */
public sealed interface Value permits TensorValue, IntegerValue, ScalarValue {
  /** The lengths of the axes. */
  long[] shape();

  /** The type of the elements. */
  ElementType type();
}

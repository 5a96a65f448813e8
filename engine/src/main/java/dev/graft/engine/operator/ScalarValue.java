package dev.graft.engine.operator;

import dev.graft.onnx.ElementType;
import org.bytedeco.pytorch.Tensor;

/**
 * A constant of one float element whose value is already known in Java: bounds, exponents, scales.
 */
public record ScalarValue(double value, Tensor tensor) implements Value {
  @Override
  public long[] shape() {
    return Shapes.of(tensor);
  }

  @Override
  public ElementType type() {
    return ScalarTypes.elementType(ScalarTypes.of(tensor));
  }
}

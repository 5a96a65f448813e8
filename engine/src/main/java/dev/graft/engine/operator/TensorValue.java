package dev.graft.engine.operator;

import dev.graft.onnx.ElementType;
import org.bytedeco.pytorch.Tensor;

/** A libtorch tensor; whoever created the value closes it. */
public record TensorValue(Tensor tensor) implements Value {
  @Override
  public long[] shape() {
    return Shapes.of(tensor);
  }

  @Override
  public ElementType type() {
    return ScalarTypes.elementType(ScalarTypes.of(tensor));
  }
}

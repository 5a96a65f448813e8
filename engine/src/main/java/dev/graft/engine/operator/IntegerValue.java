package dev.graft.engine.operator;

import dev.graft.onnx.ElementType;
import java.nio.LongBuffer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A small array of integers or truth values, row-major: shapes, axes, indices. It lives in Java, so
 * that shape arithmetic costs no native call and never meets autograd.
 */
public record IntegerValue(ElementType type, long[] data, long... shape) implements Value {
  /**
   * Integer tensors above this many elements are data (token identifiers), not shape arithmetic.
   */
  static final int MAXIMUM_ELEMENTS = 4096;

  /** A one-dimensional INT64 array. */
  public static IntegerValue vector(long... data) {
    return new IntegerValue(ElementType.INT64, data, data.length);
  }

  /** An INT64 scalar. */
  static IntegerValue scalar(long value) {
    return new IntegerValue(ElementType.INT64, new long[] {value});
  }

  /** Whether a tensor of this type and size is kept as Java integers. */
  public static boolean holds(ElementType type, long elements) {
    return elements <= MAXIMUM_ELEMENTS
        && (type == ElementType.INT64 || type == ElementType.INT32 || type == ElementType.BOOL);
  }

  /** The same values as a libtorch tensor of the same element type; the caller closes it. */
  public Tensor toTensor() {
    Tensor longs = Tensor.create(data, shape);
    return type == ElementType.INT64 ? longs : longs.to(ScalarTypes.of(type));
  }

  /** Reads an integer or truth-value tensor. */
  static IntegerValue of(Tensor tensor) {
    ElementType type = ScalarTypes.elementType(ScalarTypes.of(tensor));
    Tensor longs = tensor.to(torch.ScalarType.Long).contiguous();
    long[] data = new long[(int) longs.numel()];
    if (data.length > 0) { // an empty tensor has no memory to read from
      LongBuffer buffer = longs.createBuffer();
      buffer.get(data);
    }
    return new IntegerValue(type, data, Shapes.of(tensor));
  }
}

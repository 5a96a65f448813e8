package dev.graft.engine.operator;

import dev.graft.onnx.ElementType;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** ONNX element types and the libtorch types that hold them. */
public final class ScalarTypes {
  private ScalarTypes() {}

  /** The libtorch type that holds an ONNX element type. */
  public static ScalarType of(ElementType type) {
    return switch (type) {
      case FLOAT -> ScalarType.Float;
      case DOUBLE -> ScalarType.Double;
      case FLOAT16 -> ScalarType.Half;
      case BFLOAT16 -> ScalarType.BFloat16;
      case INT8 -> ScalarType.Char;
      case UINT8 -> ScalarType.Byte;
      case INT16 -> ScalarType.Short;
      case UINT16 -> ScalarType.UInt16;
      case UINT32 -> ScalarType.UInt32;
      case UINT64 -> ScalarType.UInt64;
      case INT32 -> ScalarType.Int;
      case INT64 -> ScalarType.Long;
      case BOOL -> ScalarType.Bool;
      default ->
          throw new IllegalArgumentException(
              "no tensor of element type " + type + " can be computed with");
    };
  }

  /**
   * The type of a tensor's elements.
   *
   * <p>The binding makes a new enum object at each call, which equals no constant and whose ordinal
   * is zero; only the interned one may be compared or switched over.
   */
  public static ScalarType of(Tensor tensor) {
    return tensor.scalar_type().intern();
  }

  /** The tensor in bf16 where its fellow operand is, else as it is. */
  static Tensor narrowed(Tensor tensor, Tensor fellow) {
    return of(fellow) == ScalarType.BFloat16 ? tensor.to(ScalarType.BFloat16) : tensor;
  }

  /** The ONNX element type of a libtorch type. */
  static ElementType elementType(ScalarType type) {
    return switch (type) {
      case Float -> ElementType.FLOAT;
      case Double -> ElementType.DOUBLE;
      case Half -> ElementType.FLOAT16;
      case BFloat16 -> ElementType.BFLOAT16;
      case Char -> ElementType.INT8;
      case Byte -> ElementType.UINT8;
      case Short -> ElementType.INT16;
      case UInt16 -> ElementType.UINT16;
      case UInt32 -> ElementType.UINT32;
      case UInt64 -> ElementType.UINT64;
      case Int -> ElementType.INT32;
      case Long -> ElementType.INT64;
      case Bool -> ElementType.BOOL;
      default ->
          throw new IllegalArgumentException("libtorch type " + type + " has no ONNX name here");
    };
  }
}

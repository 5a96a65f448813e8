package dev.graft.onnx;

/**
 * The element types of ONNX tensors, with their codes in {@code TensorProto.DataType}.
 *
 * <p>Source: onnx.proto3, message TensorProto.
 */
public enum ElementType {
  /** No tensor type: an unknown type, a sequence or a map. */
  UNDEFINED(0, 0),
  FLOAT(1, 32),
  UINT8(2, 8),
  INT8(3, 8),
  UINT16(4, 16),
  INT16(5, 16),
  INT32(6, 32),
  INT64(7, 64),
  /** Character strings: no fixed width. */
  STRING(8, 0),
  BOOL(9, 8),
  FLOAT16(10, 16),
  DOUBLE(11, 64),
  UINT32(12, 32),
  UINT64(13, 64),
  COMPLEX64(14, 64),
  COMPLEX128(15, 128),
  BFLOAT16(16, 16),
  FLOAT8E4M3FN(17, 8),
  FLOAT8E4M3FNUZ(18, 8),
  FLOAT8E5M2(19, 8),
  FLOAT8E5M2FNUZ(20, 8),
  UINT4(21, 4),
  INT4(22, 4),
  FLOAT4E2M1(23, 4),
  FLOAT8E8M0(24, 8),
  UINT2(25, 2),
  INT2(26, 2);

  private final int onnxCode;
  private final int bitWidth;

  ElementType(int onnxCode, int bitWidth) {
    this.onnxCode = onnxCode;
    this.bitWidth = bitWidth;
  }

  /** The code in TensorProto.DataType. */
  public int onnxCode() {
    return onnxCode;
  }

  /** Bytes of one element; 0 for strings, undefined and types of which a byte holds several. */
  public int byteWidth() {
    return bitWidth / 8;
  }

  /** Bytes that {@code elements} elements take in raw data; 0 for strings. */
  public long byteCount(long elements) {
    return Math.addExact(Math.multiplyExact(elements, (long) bitWidth), 7) / 8;
  }

  /** Whether values are real numbers that {@link OnnxTensor#toFloats()} converts. */
  public boolean isFloating() {
    return this == FLOAT || this == FLOAT16 || this == BFLOAT16 || this == DOUBLE;
  }

  /** Whether values are whole numbers (without BOOL) of at least 8 bits. */
  public boolean isInteger() {
    return switch (this) {
      case UINT8, INT8, UINT16, INT16, INT32, INT64, UINT32, UINT64 -> true;
      default -> false;
    };
  }

  /** The type with this code in TensorProto.DataType; {@link #UNDEFINED} for an unknown code. */
  public static ElementType ofOnnxCode(int onnxCode) {
    for (ElementType type : values()) {
      if (type.onnxCode == onnxCode) {
        return type;
      }
    }
    return UNDEFINED;
  }
}

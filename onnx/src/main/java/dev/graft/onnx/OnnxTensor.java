package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A constant tensor of a model: an initialiser or the value of an attribute.
 *
 * <p>Values lie in row-major order. Immutable and thread-safe; {@link #data()} may view a
 * memory-mapped file.
 */
public final class OnnxTensor {
  private final TensorProto proto;

  /** The values of a tensor whose data lies in a file of its own; null where they are inline. */
  private final @Nullable ByteBuffer external;

  private final ElementType type;
  private final long[] shape;
  private final long elementCount;

  /** The packed form of typed fields (float_data and the like); made at most once. */
  private volatile @Nullable ByteBuffer packed;

  OnnxTensor(TensorProto proto, @Nullable ByteBuffer external) {
    this.proto = proto;
    this.external = external;
    this.type = ElementType.ofOnnxCode(proto.getDataType());
    this.shape = proto.getDimsList().stream().mapToLong(Long::longValue).toArray();
    this.elementCount = count(shape);
  }

  /** A FLOAT tensor; no dimensions make a scalar. */
  public static OnnxTensor ofFloats(String name, float[] values, long... shape) {
    ByteBuffer bytes = allocate(name, values.length, 4, shape);
    bytes.asFloatBuffer().put(values);
    return ofRaw(name, ElementType.FLOAT, bytes, shape);
  }

  /** An INT64 tensor; no dimensions make a scalar. */
  public static OnnxTensor ofLongs(String name, long[] values, long... shape) {
    ByteBuffer bytes = allocate(name, values.length, 8, shape);
    bytes.asLongBuffer().put(values);
    return ofRaw(name, ElementType.INT64, bytes, shape);
  }

  /** An INT32 tensor; no dimensions make a scalar. */
  public static OnnxTensor ofInts(String name, int[] values, long... shape) {
    ByteBuffer bytes = allocate(name, values.length, 4, shape);
    bytes.asIntBuffer().put(values);
    return ofRaw(name, ElementType.INT32, bytes, shape);
  }

  /** A UINT8 tensor; no dimensions make a scalar. */
  public static OnnxTensor ofBytes(String name, byte[] values, long... shape) {
    ByteBuffer bytes = allocate(name, values.length, 1, shape);
    bytes.duplicate().put(values);
    return ofRaw(name, ElementType.UINT8, bytes, shape);
  }

  /**
   * A tensor of any numeric type from its raw bytes.
   *
   * @param data little-endian, row-major; read from position to limit, not copied
   * @throws IllegalArgumentException if the byte count does not fit type and shape
   */
  public static OnnxTensor ofRaw(String name, ElementType type, ByteBuffer data, long... shape) {
    long expected = type.byteCount(count(shape));
    if (type.onnxCode() == 0 || type == ElementType.STRING || expected != data.remaining()) {
      throw new IllegalArgumentException(
          "tensor \"%s\": type %s and shape %s need %d bytes, got %d"
              .formatted(name, type, Arrays.toString(shape), expected, data.remaining()));
    }
    TensorProto.Builder builder =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type.onnxCode())
            .setRawData(UnsafeByteOperations.unsafeWrap(data));
    for (long dimension : shape) {
      builder.addDims(dimension);
    }
    return new OnnxTensor(builder.build(), null);
  }

  /** The tensor's name; may be empty for attribute values. */
  public String name() {
    return proto.getName();
  }

  /** The element type. */
  public ElementType type() {
    return type;
  }

  /** A copy of the dimensions; empty for a scalar. */
  public long[] shape() {
    return shape.clone();
  }

  /** The number of dimensions. */
  public int rank() {
    return shape.length;
  }

  /** The number of elements: 1 for a scalar. */
  public long elementCount() {
    return elementCount;
  }

  /**
   * The values as raw bytes: read-only, little-endian, row-major.
   *
   * @throws OnnxModelException for strings, which have no raw form
   */
  public ByteBuffer data() {
    if (type == ElementType.STRING || type == ElementType.UNDEFINED) {
      throw new OnnxModelException(
          "tensor \"%s\" has type %s: expected a numeric type".formatted(name(), type));
    }
    ByteBuffer source = external;
    if (source == null) {
      source = proto.hasRawData() ? proto.getRawData().asReadOnlyByteBuffer() : packed();
    }
    // Sliced, since the bytes may begin anywhere in the buffer of the parsed file.
    return source.asReadOnlyBuffer().slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The values of a floating tensor; FLOAT16, BFLOAT16 and DOUBLE are converted.
   *
   * @throws OnnxModelException for other types
   */
  public float[] toFloats() {
    ByteBuffer bytes = data();
    float[] values = new float[arrayLength()];
    switch (type) {
      case FLOAT -> bytes.asFloatBuffer().get(values);
      case FLOAT16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = HalfPrecision.fromFloat16(bytes.getShort(2 * i));
        }
      }
      case BFLOAT16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = HalfPrecision.fromBfloat16(bytes.getShort(2 * i));
        }
      }
      case DOUBLE -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) bytes.getDouble(8 * i);
        }
      }
      default -> throw wrongType("a floating type");
    }
    return values;
  }

  /**
   * The values of a floating tensor in double precision.
   *
   * @throws OnnxModelException for other types
   */
  public double[] toDoubles() {
    double[] values = new double[arrayLength()];
    if (type == ElementType.DOUBLE) {
      data().asDoubleBuffer().get(values);
      return values;
    }
    float[] floats = toFloats();
    for (int i = 0; i < floats.length; i++) {
      values[i] = floats[i];
    }
    return values;
  }

  /**
   * The values of an integer or BOOL (0 and 1) tensor; UINT64 keeps its bits.
   *
   * @throws OnnxModelException for other types
   */
  public long[] toLongs() {
    ByteBuffer bytes = data();
    long[] values = new long[arrayLength()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (type) {
            case INT64, UINT64 -> bytes.getLong(8 * i);
            case INT32 -> bytes.getInt(4 * i);
            case UINT32 -> bytes.getInt(4 * i) & 0xffffffffL;
            case INT16 -> bytes.getShort(2 * i);
            case UINT16 -> bytes.getShort(2 * i) & 0xffff;
            case INT8 -> bytes.get(i);
            case UINT8 -> bytes.get(i) & 0xff;
            case BOOL -> bytes.get(i) == 0 ? 0 : 1;
            default -> throw wrongType("an integer type or BOOL");
          };
    }
    return values;
  }

  /**
   * The values of a STRING tensor.
   *
   * @throws OnnxModelException for other types
   */
  public List<String> toStrings() {
    if (type != ElementType.STRING) {
      throw wrongType("STRING");
    }
    return proto.getStringDataList().stream()
        .map(bytes -> bytes.toString(StandardCharsets.UTF_8))
        .toList();
  }

  /** The same values under another name. */
  public OnnxTensor renamed(String name) {
    return new OnnxTensor(proto.toBuilder().setName(name).build(), external);
  }

  /**
   * Other values with this tensor's name, type and shape; a FLOAT16 tensor stays FLOAT16.
   *
   * @throws IllegalArgumentException if the count differs
   * @throws OnnxModelException if the type is not floating
   */
  public OnnxTensor withFloats(float[] values) {
    if (values.length != elementCount) {
      throw new IllegalArgumentException(
          "tensor \"%s\" of shape %s holds %d values, got %d"
              .formatted(name(), Arrays.toString(shape), elementCount, values.length));
    }
    if (!type.isFloating()) {
      throw wrongType("a floating type");
    }
    ByteBuffer bytes = allocate(name(), values.length, type.byteWidth(), shape);
    for (int i = 0; i < values.length; i++) {
      switch (type) {
        case FLOAT -> bytes.putFloat(4 * i, values[i]);
        case DOUBLE -> bytes.putDouble(8 * i, values[i]);
        case FLOAT16 -> bytes.putShort(2 * i, HalfPrecision.toFloat16(values[i]));
        default -> bytes.putShort(2 * i, HalfPrecision.toBfloat16(values[i]));
      }
    }
    TensorProto.Builder builder = inlineBuilder(UnsafeByteOperations.unsafeWrap(bytes));
    return new OnnxTensor(builder.build(), null);
  }

  /**
   * The values of a floating tensor as FLOAT16, rounded to nearest even; too large ones overflow.
   */
  OnnxTensor inHalf() {
    ByteBuffer zeros = allocate(name(), arrayLength(), ElementType.FLOAT16.byteWidth(), shape);
    return ofRaw(name(), ElementType.FLOAT16, zeros, shape).withFloats(toFloats());
  }

  /** Type and shape for messages, such as {@code FLOAT [64, 3, 7, 7]}. */
  public String describe() {
    return type + " " + Arrays.toString(shape);
  }

  @Override
  public String toString() {
    return "OnnxTensor[" + name() + " " + describe() + "]";
  }

  TensorProto proto() {
    return proto;
  }

  boolean isExternal() {
    return external != null;
  }

  /** The message with all data inside it. */
  TensorProto inlineProto() {
    return external == null
        ? proto
        : inlineBuilder(UnsafeByteOperations.unsafeWrap(external)).build();
  }

  private TensorProto.Builder inlineBuilder(ByteString rawData) {
    return proto.toBuilder()
        .clearFloatData()
        .clearDoubleData()
        .clearInt32Data()
        .clearInt64Data()
        .clearUint64Data()
        .clearExternalData()
        .clearDataLocation()
        .setRawData(rawData);
  }

  /** Packs typed fields as onnx.proto3 maps them to element types. */
  private ByteBuffer packed() {
    ByteBuffer made = packed;
    if (made != null) {
      return made;
    }
    made = ByteBuffer.allocate(Math.toIntExact(type.byteCount(elementCount)));
    made.order(ByteOrder.LITTLE_ENDIAN);
    switch (type) {
      case FLOAT, COMPLEX64 -> {
        for (float value : proto.getFloatDataList()) {
          made.putFloat(value);
        }
      }
      case DOUBLE, COMPLEX128 -> {
        for (double value : proto.getDoubleDataList()) {
          made.putDouble(value);
        }
      }
      case INT64 -> {
        for (long value : proto.getInt64DataList()) {
          made.putLong(value);
        }
      }
      case UINT64 -> {
        for (long value : proto.getUint64DataList()) {
          made.putLong(value);
        }
      }
      case UINT32 -> {
        for (long value : proto.getUint64DataList()) {
          made.putInt((int) value);
        }
      }
      case INT32 -> {
        for (int value : proto.getInt32DataList()) {
          made.putInt(value);
        }
      }
      case INT16, UINT16, FLOAT16, BFLOAT16 -> {
        for (int value : proto.getInt32DataList()) {
          made.putShort((short) value);
        }
      }
      default -> {
        for (int value : proto.getInt32DataList()) {
          made.put((byte) value);
        }
      }
    }
    made.flip();
    packed = made;
    return made;
  }

  private int arrayLength() {
    if (elementCount > Integer.MAX_VALUE / Math.max(1, type.byteWidth())) {
      throw new OnnxModelException(
          "tensor \"%s\" of shape %s is too large for one array of 2 GB"
              .formatted(name(), Arrays.toString(shape)));
    }
    return (int) elementCount;
  }

  private OnnxModelException wrongType(String expected) {
    return new OnnxModelException(
        "tensor \"%s\" has type %s: expected %s".formatted(name(), type, expected));
  }

  private static ByteBuffer allocate(String name, int count, int width, long... shape) {
    if (count(shape) != count) {
      throw new IllegalArgumentException(
          "tensor \"%s\": shape %s holds %d values, got %d"
              .formatted(name, Arrays.toString(shape), count(shape), count));
    }
    return ByteBuffer.allocate(Math.multiplyExact(count, width)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long count(long... shape) {
    long count = 1;
    for (long dimension : shape) {
      count = Math.multiplyExact(count, dimension);
    }
    return count;
  }
}

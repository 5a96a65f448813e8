package dev.graft.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.platform.Fp16Conversions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Carries values between {@link TensorValue} and ONNX Runtime's tensors.
 *
 * <p>Thread-safe.
 */
final class OrtTensors {

  private final OrtEnvironment environment;
  private final DirectBuffers buffers = new DirectBuffers();

  OrtTensors(OrtEnvironment environment) {
    this.environment = environment;
  }

  static TensorKind kindOf(OnnxJavaType type) {
    return switch (type) {
      case FLOAT, DOUBLE, FLOAT16, BFLOAT16 -> TensorKind.REAL;
      case UINT8 -> TensorKind.UNSIGNED_BYTE;
      case INT8, INT16, INT32, INT64, BOOL -> TensorKind.INTEGER;
      default -> TensorKind.UNSUPPORTED;
    };
  }

  Inputs newInputs() {
    return new Inputs();
  }

  /** The native inputs of one run; freed on close. */
  final class Inputs implements AutoCloseable {
    private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    private final List<ByteBuffer> lent = new ArrayList<>();

    private Inputs() {}

    Map<String, OnnxTensor> byName() {
      return tensors;
    }

    long byteCount() {
      return lent.stream().mapToLong(ByteBuffer::limit).sum();
    }

    /** Copies a value into native memory, converted to the width that the model asks for. */
    void add(String name, TensorValue value, OnnxJavaType type) throws OrtException {
      int valueCount = (int) value.elementCount();
      long byteCount = (long) valueCount * type.size;
      if (byteCount > Integer.MAX_VALUE - 8) {
        throw new OrtException(
            "the input " + name + " needs " + byteCount + " bytes, at most 2 GB are possible");
      }
      ByteBuffer bytes = buffers.take((int) byteCount);
      lent.add(bytes);
      if (value instanceof TensorValue.FloatValues floats) {
        putFloats(floats.values(), type, bytes);
      } else if (value instanceof TensorValue.LongValues longs) {
        putLongs(longs.values(), type, bytes);
      } else if (value instanceof TensorValue.ByteValues unsigned) {
        bytes.put(unsigned.values());
      }
      bytes.rewind();
      tensors.put(name, OnnxTensor.createTensor(environment, bytes, value.shape(), type));
    }

    @Override
    public void close() {
      tensors.values().forEach(OnnxTensor::close);
      lent.forEach(buffers::giveBack);
    }
  }

  private static void putFloats(float[] values, OnnxJavaType type, ByteBuffer target) {
    switch (type) {
      case DOUBLE -> {
        for (float value : values) {
          target.putDouble(value);
        }
      }
      case FLOAT16 ->
          target
              .asShortBuffer()
              .put(Fp16Conversions.convertFloatBufferToFp16Buffer(FloatBuffer.wrap(values)));
      case BFLOAT16 ->
          target
              .asShortBuffer()
              .put(Fp16Conversions.convertFloatBufferToBf16Buffer(FloatBuffer.wrap(values)));
      default -> target.asFloatBuffer().put(values);
    }
  }

  private static void putLongs(long[] values, OnnxJavaType type, ByteBuffer target)
      throws OrtException {
    for (long value : values) {
      boolean fits =
          switch (type) {
            case INT8 -> value == (byte) value;
            case INT16 -> value == (short) value;
            case INT32 -> value == (int) value;
            case BOOL -> value == 0 || value == 1;
            default -> true;
          };
      if (!fits) {
        throw new OrtException("the value " + value + " does not fit the model's " + type);
      }
      switch (type) {
        case INT8, BOOL -> target.put((byte) value);
        case INT16 -> target.putShort((short) value);
        case INT32 -> target.putInt((int) value);
        default -> target.putLong(value);
      }
    }
  }

  /** Copies a native output to the heap. */
  static TensorValue read(String name, OnnxValue value) throws OrtException {
    if (!(value instanceof OnnxTensor tensor)) {
      throw new OrtException("the output " + name + " is no tensor");
    }
    TensorInfo info = tensor.getInfo();
    long[] shape = info.getShape();
    return switch (info.type) {
      case FLOAT, FLOAT16, BFLOAT16 -> TensorValue.ofFloats(heap(tensor.getFloatBuffer()), shape);
      case DOUBLE -> {
        float[] values = new float[Math.toIntExact(info.getNumElements())];
        var doubles = tensor.getDoubleBuffer();
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) doubles.get(i);
        }
        yield TensorValue.ofFloats(values, shape);
      }
      case UINT8 -> {
        byte[] values = new byte[Math.toIntExact(info.getNumElements())];
        tensor.getByteBuffer().get(values);
        yield TensorValue.ofBytes(values, shape);
      }
      case INT8, BOOL, INT16, INT32, INT64 ->
          TensorValue.ofLongs(longs(tensor.getByteBuffer(), info), shape);
      default -> throw new OrtException("the output " + name + " holds " + info.type);
    };
  }

  private static float[] heap(FloatBuffer buffer) {
    if (buffer.hasArray() && buffer.array().length == buffer.remaining()) {
      return buffer.array();
    }
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  private static long[] longs(ByteBuffer bytes, TensorInfo info) {
    ByteBuffer source = bytes.order(ByteOrder.nativeOrder());
    long[] values = new long[Math.toIntExact(info.getNumElements())];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (info.type) {
            case INT8, BOOL -> source.get(i);
            case INT16 -> source.getShort(i * Short.BYTES);
            case INT32 -> source.getInt(i * Integer.BYTES);
            default -> source.getLong(i * Long.BYTES);
          };
    }
    return values;
  }
}

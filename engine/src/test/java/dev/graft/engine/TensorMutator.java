package dev.graft.engine;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.graft.onnx.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Changes the shape, type and values of a stored tensor. */
final class TensorMutator {
  private static final long[] EXTREMES = {
    0,
    -1,
    1,
    2,
    -2,
    3,
    -3,
    7,
    64,
    1000,
    65_536,
    1 << 20,
    1 << 26,
    300_000_000,
    1_000_000_000,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 31,
    1L << 32,
    1L << 40,
    Long.MAX_VALUE,
    Long.MAX_VALUE - 1,
    Long.MIN_VALUE,
    Long.MIN_VALUE + 1
  };

  private TensorMutator() {}

  /** A number that code of little care trips over. */
  static long extreme(SplittableRandom random) {
    return random.nextBoolean()
        ? random.nextInt(-5, 12)
        : EXTREMES[random.nextInt(EXTREMES.length)];
  }

  static void mutate(TensorProto.Builder tensor, SplittableRandom random) {
    switch (random.nextInt(14)) {
      case 0 -> setDimension(tensor, random);
      case 1 -> tensor.addDims(random.nextBoolean() ? 1 : extreme(random));
      case 2 -> flatten(tensor);
      case 3 -> tensor.setDataType(random.nextInt(-1, 30));
      case 4 -> shorten(tensor, random);
      case 5 -> empty(tensor);
      case 6, 7 -> resize(tensor, random);
      default -> setValue(tensor, random);
    }
  }

  private static void setDimension(TensorProto.Builder tensor, SplittableRandom random) {
    if (tensor.getDimsCount() > 0) {
      tensor.setDims(random.nextInt(tensor.getDimsCount()), extreme(random));
    }
  }

  private static void flatten(TensorProto.Builder tensor) {
    long count = 1;
    for (long length : tensor.getDimsList()) {
      count *= length;
    }
    tensor.clearDims().addDims(count);
  }

  /** One axis longer or shorter, with just the data that it needs. */
  private static void resize(TensorProto.Builder tensor, SplittableRandom random) {
    int axes = tensor.getDimsCount();
    byte[] raw = tensor.getRawData().toByteArray();
    if (axes == 0 || raw.length == 0) {
      return;
    }
    int axis = random.nextInt(axes);
    long before = Math.max(1, tensor.getDims(axis));
    long after = random.nextInt(1, (int) Math.min(100, 2 * before + 1));
    long bytes = raw.length / before * after;
    if (bytes < 1 << 22) {
      tensor.setDims(axis, after);
      tensor.setRawData(ByteString.copyFrom(Arrays.copyOf(raw, (int) bytes)));
    }
  }

  private static void shorten(TensorProto.Builder tensor, SplittableRandom random) {
    int bytes = tensor.getRawData().size();
    if (bytes > 0) {
      tensor.setRawData(tensor.getRawData().substring(0, random.nextInt(bytes)));
    } else {
      tensor.setRawData(ByteString.copyFromUtf8("x"));
    }
  }

  private static void empty(TensorProto.Builder tensor) {
    List<Long> dims = new ArrayList<>(tensor.getDimsList());
    if (!dims.isEmpty()) {
      dims.set(0, 0L);
    } else {
      dims.add(0L);
    }
    tensor.clearDims().addAllDims(dims);
    tensor.clearFloatData().clearInt64Data().clearInt32Data().clearDoubleData();
    tensor.setRawData(ByteString.EMPTY);
  }

  /** One element; whole numbers of 64 bits, which state shapes and positions, become extreme. */
  private static void setValue(TensorProto.Builder tensor, SplittableRandom random) {
    ElementType type = ElementType.ofOnnxCode(tensor.getDataType());
    if (tensor.getInt64DataCount() > 0) {
      tensor.setInt64Data(random.nextInt(tensor.getInt64DataCount()), extreme(random));
    }
    if (tensor.getFloatDataCount() > 0) {
      tensor.setFloatData(random.nextInt(tensor.getFloatDataCount()), Float.NaN);
    }
    byte[] raw = tensor.getRawData().toByteArray();
    int width = type.byteWidth();
    if (width == 0 || raw.length < width) {
      return;
    }
    int at = random.nextInt(raw.length / width) * width;
    byte[] value =
        ByteBuffer.allocate(16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(
                type == ElementType.FLOAT
                    ? Float.floatToRawIntBits(random.nextBoolean() ? Float.NaN : extreme(random))
                    : extreme(random))
            .array();
    System.arraycopy(value, 0, raw, at, width);
    tensor.setRawData(ByteString.copyFrom(raw));
  }
}

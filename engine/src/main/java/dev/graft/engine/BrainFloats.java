package dev.graft.engine;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Rounding of fp32 values to bf16, whose 8 bits of precision deserve some care. */
final class BrainFloats {
  private static final double LARGEST = 3.3895313892515355e38;
  private static final int DROPPED_BITS = 16;
  private static final int EXPONENT_SHIFT = 23;
  private static final int EXPONENTS = 256;

  private BrainFloats() {}

  /** Mask fills such as -3.4e38 would overflow to infinity in bf16; they become its least value. */
  static Tensor round(Tensor floats) {
    return torch
        .clamp(
            floats,
            new ScalarOptional(new Scalar(-LARGEST)),
            new ScalarOptional(new Scalar(LARGEST)))
        .to(ScalarType.BFloat16);
  }

  /**
   * Rounds the filters of a convolution so that each keeps its sum.
   *
   * <p>Behind a rectifier the inputs of a filter are positive and alike, so what rounding does to
   * its sum shifts the whole map and grows from layer to layer; what it does to single weights
   * cancels. Each weight takes over the error of those before it, from the largest to the smallest,
   * so that what is left at the end is below the last bit of the smallest. Measured on MobileNetV2
   * 0.35 with photographs: error of the features (1 - cosine) from depthwise weights down from 5e-3
   * to 5e-5.
   *
   * @param weight [filters, ...] in fp32
   */
  static Tensor roundFilters(Tensor weight) {
    FloatTensor filters = NativeTensors.toJava(weight);
    float[] values = filters.values();
    int width = filters.width();
    int[] order = new int[width];
    for (int filter = 0; filter < filters.rows(); filter++) {
      int start = filter * width;
      sortByExponent(values, start, order);
      double error = 0;
      for (int position : order) {
        double wanted = values[start + position] + error;
        float rounded = round((float) wanted);
        error = wanted - rounded;
        values[start + position] = rounded;
      }
    }
    return NativeTensors.of(values, filters.shape()).to(ScalarType.BFloat16);
  }

  /** Nearest, ties to even; values beyond the range become the largest. */
  private static float round(float value) {
    int bits = Float.floatToRawIntBits(value);
    int lastKept = (bits >>> DROPPED_BITS) & 1;
    int rounded = (bits + 0x7fff + lastKept) & 0xffff0000;
    float result = Float.intBitsToFloat(rounded);
    return Float.isInfinite(result) ? Math.copySign((float) LARGEST, value) : result;
  }

  /** Positions by falling exponent: a counting sort, as layers have millions of weights. */
  private static void sortByExponent(float[] values, int start, int[] order) {
    int[] ends = new int[EXPONENTS + 1];
    for (int i = 0; i < order.length; i++) {
      ends[rank(values[start + i]) + 1]++;
    }
    for (int rank = 1; rank < ends.length; rank++) {
      ends[rank] += ends[rank - 1];
    }
    for (int i = 0; i < order.length; i++) {
      order[ends[rank(values[start + i])]++] = i;
    }
  }

  private static int rank(float value) {
    return EXPONENTS - 1 - ((Float.floatToRawIntBits(value) >>> EXPONENT_SHIFT) & (EXPONENTS - 1));
  }
}

package dev.graft.runtime;

/**
 * Numbers of 16 bits (IEEE 754 binary16) for values from -1 to 1, which is what unit vectors hold:
 * neither infinities nor numbers above 65,504 occur.
 */
final class HalfFloat {
  private static final int MANTISSA_BITS_DROPPED = 13;
  private static final int EXPONENT_DIFFERENCE = 127 - 15;
  private static final float LEAST_NORMAL = 0x1p-14f;
  private static final float SUBNORMAL_STEP = 0x1p-24f;

  private HalfFloat() {}

  /** The nearest 16-bit number, ties to even. */
  static short of(float value) {
    int sign = (Float.floatToRawIntBits(value) >>> 16) & 0x8000;
    float size = Math.abs(value);
    if (size < LEAST_NORMAL) {
      // Subnormal: a multiple of 2^-24; 1024 of them are the least normal number.
      return (short) (sign | (int) Math.rint(size / SUBNORMAL_STEP));
    }
    int bits = Float.floatToRawIntBits(size) - (EXPONENT_DIFFERENCE << 23);
    int kept = bits >>> MANTISSA_BITS_DROPPED;
    int dropped = bits & ((1 << MANTISSA_BITS_DROPPED) - 1);
    int half = 1 << (MANTISSA_BITS_DROPPED - 1);
    boolean up = dropped > half || (dropped == half && (kept & 1) == 1);
    return (short) (sign | (up ? kept + 1 : kept));
  }

  /** The value of a 16-bit number; what stands for infinities and no numbers stays so. */
  static float toFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >>> 10) & 0x1f;
    int mantissa = half & 0x3ff;
    if (exponent == 0) {
      float size = mantissa * SUBNORMAL_STEP;
      return sign == 0 ? size : -size;
    }
    int wide = exponent == 0x1f ? 0xff : exponent + EXPONENT_DIFFERENCE;
    return Float.intBitsToFloat(sign | (wide << 23) | (mantissa << MANTISSA_BITS_DROPPED));
  }
}

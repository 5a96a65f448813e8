package dev.graft.onnx;

/**
 * Conversions between 32-bit floats and the two 16-bit formats, rounding to nearest even.
 *
 * <p>Source: IEEE 754-2019 binary16; bfloat16 is the upper half of binary32. (The JDK's own
 * conversions came after Java 17.)
 */
final class HalfPrecision {
  private HalfPrecision() {}

  static float fromFloat16(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >> 10) & 0x1f;
    int mantissa = bits & 0x3ff;
    if (exponent == 0x1f) {
      return Float.intBitsToFloat(sign | 0x7f800000 | (mantissa << 13));
    }
    if (exponent == 0) {
      float magnitude = mantissa * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    return Float.intBitsToFloat(sign | ((exponent + 112) << 23) | (mantissa << 13));
  }

  static short toFloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) {
      return (short) (sign | 0x7e00);
    }
    // 65520 and above rounds to infinity.
    if (magnitude >= 0x477ff000) {
      return (short) (sign | 0x7c00);
    }
    // Below 2^-14 the result is subnormal: a multiple of 2^-24. Scaling by 2^24 is exact, and
    // rint rounds ties to even; 1024 multiples are the bits of the smallest normal number.
    if (magnitude < 0x38800000) {
      return (short) (sign | (int) Math.rint(Float.intBitsToFloat(magnitude) * 0x1p24));
    }
    int rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
    return (short) (sign | ((rounded - 0x38000000) >>> 13));
  }

  static float fromBfloat16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  static short toBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}

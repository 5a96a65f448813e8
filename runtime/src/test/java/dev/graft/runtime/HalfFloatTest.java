package dev.graft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalfFloatTest {
  private static final int ONE = 0x3c00;

  @Test
  void of_everyNumberUpToOne_givesItsBitsBack() {
    for (int bits = 0; bits <= ONE; bits++) {
      assertThat(HalfFloat.of(HalfFloat.toFloat((short) bits))).isEqualTo((short) bits);
      int negative = bits | 0x8000;
      assertThat(HalfFloat.of(HalfFloat.toFloat((short) negative))).isEqualTo((short) negative);
    }
  }

  /**
   * Values by the definition of binary16: sign, 5 bits of exponent with bias 15, 10 of mantissa.
   */
  @ParameterizedTest
  @CsvSource({
    "0x1, 5.9604645e-8",
    "0x3ff, 6.0975552e-5",
    "0x400, 6.1035156e-5",
    "0x3800, 0.5",
    "0x3c00, 1",
    "0xbc00, -1"
  })
  void toFloat_knownBits_givesTheStandardsValue(String bits, float expected) {
    assertThat(HalfFloat.toFloat((short) (int) Integer.decode(bits))).isEqualTo(expected);
  }

  @Test
  void of_valuesBetween_takesTheNearestAndEvenOnTies() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 10_000; i++) {
      int low = random.nextInt(ONE);
      float below = HalfFloat.toFloat((short) low);
      float above = HalfFloat.toFloat((short) (low + 1));
      assertThat(HalfFloat.of(below + 0.4f * (above - below))).isEqualTo((short) low);
      assertThat(HalfFloat.of(below + 0.6f * (above - below))).isEqualTo((short) (low + 1));
      int even = low % 2 == 0 ? low : low + 1;
      assertThat(HalfFloat.of((below + above) / 2)).isEqualTo((short) even);
    }
  }
}

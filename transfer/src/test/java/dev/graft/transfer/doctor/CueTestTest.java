package dev.graft.transfer.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CueTestTest {
  private static final int COUNT = 120;

  @Test
  void of_numberThatDecidesTheClass_isFoundWithTheSmallestProbability() {
    int[] labels = labels();
    double[] values = noise(1);
    for (int i = 0; i < COUNT; i++) {
      values[i] += 2 * labels[i];
    }
    CueTest.Result result = test(labels).of(values);
    assertThat(result.accuracy()).isGreaterThan(0.9);
    assertThat(result.pValue()).isEqualTo(0.001);
  }

  @Test
  void of_noise_isNoCueInNearlyAllCases() {
    int small = 0;
    for (int seed = 0; seed < 40; seed++) {
      small += test(labels()).of(noise(seed)).pValue() <= 0.05 ? 1 : 0;
    }
    // 2 are expected; 7 or more have a probability of 0.4 %.
    assertThat(small).isLessThan(7);
  }

  @Test
  void of_oneValueForAll_tellsNothing() {
    CueTest.Result result = test(labels()).of(new double[COUNT]);
    assertThat(result.accuracy()).isEqualTo(0.5);
    assertThat(result.pValue()).isEqualTo(1);
  }

  @Test
  void of_extremeClassOnBothSides_isFoundThoughNotMonotonic() {
    int[] labels = labels();
    double[] values = noise(3);
    for (int i = 0; i < COUNT; i++) {
      values[i] = labels[i] == 0 ? values[i] : (i % 4 < 2 ? 3 : -3) + values[i];
    }
    assertThat(test(labels).of(values).accuracy()).isGreaterThan(0.85);
  }

  private static CueTest test(int[] labels) {
    return new CueTest(labels, 2, 42);
  }

  private static int[] labels() {
    int[] labels = new int[COUNT];
    for (int i = 0; i < COUNT; i++) {
      labels[i] = i % 2;
    }
    return labels;
  }

  private static double[] noise(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return random.doubles(COUNT).toArray();
  }
}

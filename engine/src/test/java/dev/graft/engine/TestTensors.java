package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;

/** Seeded inputs and the measure by which outputs are compared. */
final class TestTensors {
  private TestTensors() {}

  /** Uniform values in [-1, 1). */
  static FloatTensor noise(long seed, long... shape) {
    SplittableRandom random = new SplittableRandom(seed);
    int count = 1;
    for (long length : shape) {
      count *= (int) length;
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return new FloatTensor(values, shape);
  }

  /** The largest difference, relative to the largest magnitude of the expected values. */
  static double relativeError(FloatTensor actual, FloatTensor expected) {
    assertThat(actual.shape()).as("shape").isEqualTo(expected.shape());
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < actual.values().length; i++) {
      assertThat(actual.values()[i]).as("element %d", i).isNotNaN();
      largest = Math.max(largest, Math.abs(expected.values()[i]));
      difference = Math.max(difference, Math.abs(actual.values()[i] - expected.values()[i]));
    }
    return difference / largest;
  }
}

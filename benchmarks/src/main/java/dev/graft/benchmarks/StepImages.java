package dev.graft.benchmarks;

import dev.graft.engine.FloatTensor;
import dev.graft.zoo.architecture.ImageTask;
import java.util.SplittableRandom;

/** What all contestants are fed with, and the constants of their optimizer. Thread-safe. */
final class StepImages {
  /** So small that weights hardly move: the time of a step does not depend on it. */
  static final double LEARNING_RATE = 1e-6;

  static final double MOMENTUM = 0.9;

  private StepImages() {}

  /** Normally distributed pixels [rows, 3, side, side]. */
  static FloatTensor batch(int rows, ImageTask task) {
    int side = task.side().getAsInt();
    float[] values = new float[rows * 3 * side * side];
    SplittableRandom random = new SplittableRandom(rows);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new FloatTensor(values, rows, 3, side, side);
  }

  /** A class for each row. */
  static int[] labels(int rows, ImageTask task) {
    return new SplittableRandom(rows).ints(rows, 0, task.classes()).toArray();
  }

  /** Refuses a loss or a feature that shows that the passes compute no longer anything real. */
  static void requireFinite(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalStateException("the network gave " + value + ", expected a finite number");
    }
  }
}

package dev.graft.transfer.training;

import dev.graft.engine.FeatureMatrix;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** The rows that a head is fitted to: each view of each training example. For one thread. */
final class HeadRows {
  private final HeadProblem problem;

  HeadRows(HeadProblem problem) {
    this.problem = problem;
  }

  /** All rows scaled, [examples x views, width]. */
  FeatureMatrix scaled(FeatureScaling scaling) {
    int width = problem.train().width();
    FeatureMatrix matrix = new FeatureMatrix(problem.examples() * problem.views(), width);
    int row = 0;
    float[] out = new float[width];
    for (float[] raw : (Iterable<float[]>) this::iterator) {
      scaling.apply(raw, out);
      matrix.setRow(row++, out);
    }
    return matrix;
  }

  /** The numbers of all examples. */
  int[] all() {
    int[] rows = new int[problem.examples()];
    Arrays.setAll(rows, i -> i);
    return rows;
  }

  /** All rows, view by view of each example; the array is reused. */
  Iterator<float[]> iterator() {
    float[] row = new float[problem.train().width()];
    int total = problem.examples() * problem.views();
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < total;
      }

      @Override
      public float[] next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        problem.train().read(next / problem.views(), next % problem.views(), row);
        next++;
        return row;
      }
    };
  }

  /** The class of each row. */
  int[] labels() {
    int[] labels = new int[problem.examples() * problem.views()];
    Arrays.setAll(labels, i -> problem.labels()[i / problem.views()]);
    return labels;
  }

  /** Weight of each row: its class's, shared among the example's views; 0 for examples left out. */
  float[] weights(int[] examples) {
    float[] weights = new float[problem.examples() * problem.views()];
    for (int example : examples) {
      float weight = problem.classWeights()[problem.labels()[example]] / problem.views();
      Arrays.fill(weights, example * problem.views(), (example + 1) * problem.views(), weight);
    }
    return weights;
  }

  /**
   * Plain rows of the examples to predict; the training matrix itself where it holds just those.
   */
  record Plain(FeatureMatrix matrix, boolean own) implements AutoCloseable {
    @Override
    public void close() {
      if (own) {
        matrix.close();
      }
    }
  }

  /** Those that a problem is judged by. */
  Plain plain(FeatureMatrix train, HeadProblem.HeldOut heldOut, FeatureScaling scaling) {
    boolean same = problem.views() == 1 && problem.heldOut().isEmpty();
    return same ? new Plain(train, false) : new Plain(plain(heldOut, scaling), true);
  }

  static FeatureMatrix plain(HeadProblem.HeldOut heldOut, FeatureScaling scaling) {
    int width = heldOut.features().width();
    FeatureMatrix matrix = new FeatureMatrix(heldOut.labels().length, width);
    float[] raw = new float[width];
    float[] scaled = new float[width];
    for (int row = 0; row < heldOut.labels().length; row++) {
      heldOut.features().read(row, 0, raw);
      scaling.apply(raw, scaled);
      matrix.setRow(row, scaled);
    }
    return matrix;
  }
}

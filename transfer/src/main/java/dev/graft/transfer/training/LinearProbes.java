package dev.graft.transfer.training;

import dev.graft.engine.FeatureMatrix;
import dev.graft.engine.LogisticRegression;
import dev.graft.engine.LogisticRegression.Effort;
import dev.graft.engine.LogisticRegression.Solution;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Linear heads on parts of the same examples: L2-regularised multinomial logistic regression on
 * features that are standardised over all of them.
 *
 * <p>Heads of one strength are fitted together, which passes over the features once for all. Not
 * thread-safe; close it to free its memory.
 */
public final class LinearProbes implements AutoCloseable {
  /** Held-out accuracies of these fits and of fits to the end differ by less than 0.2 points. */
  private static final Effort EFFORT = new Effort(40, 1e-4);

  private final FeatureMatrix features;
  private final int[] labels;
  private final int classes;

  private LinearProbes(FeatureMatrix features, int[] labels, int classes) {
    this.features = features;
    this.labels = labels;
    this.classes = classes;
  }

  /**
   * Reads and standardises the plain view of some examples.
   *
   * @param activations what the frozen trunk gives
   * @param rows the numbers of the examples there; from here on they are called 0, 1, ...
   * @param labels class of each of them
   */
  public static LinearProbes of(Activations activations, int[] rows, int[] labels, int classes) {
    if (rows.length != labels.length) {
      throw new IllegalArgumentException(rows.length + " rows, " + labels.length + " labels");
    }
    int width = activations.width();
    FeatureScaling scaling = FeatureScaling.measure(() -> new Rows(activations, rows), width);
    FeatureMatrix matrix = new FeatureMatrix(rows.length, width);
    float[] scaled = new float[width];
    Rows all = new Rows(activations, rows);
    for (int i = 0; i < rows.length; i++) {
      scaling.apply(all.next(), scaled);
      matrix.setRow(i, scaled);
    }
    return new LinearProbes(matrix, labels.clone(), classes);
  }

  /**
   * Fits one head to each part of the examples.
   *
   * @param parts the examples of each
   * @param strength of the L2 penalty on the mean loss, at least 0
   * @param starts where each fit begins, for a warm start; empty for zeros
   */
  public List<Solution> fit(List<int[]> parts, double strength, List<Solution> starts) {
    List<float[]> weights = new ArrayList<>();
    for (int[] part : parts) {
      float[] own = new float[labels.length];
      for (int example : part) {
        own[example] = 1;
      }
      weights.add(own);
    }
    return LogisticRegression.fitFolds(
        features, labels, weights, classes, strength, starts, EFFORT);
  }

  /** A head's logits for all examples, [examples, classes]. */
  public float[] logits(Solution head) {
    return LogisticRegression.logits(features, head).values();
  }

  @Override
  public void close() {
    features.close();
  }

  /** The plain views one after another; the array is reused. */
  private static final class Rows implements Iterator<float[]> {
    private final Activations activations;
    private final int[] rows;
    private final float[] row;
    private int next;

    Rows(Activations activations, int[] rows) {
      this.activations = activations;
      this.rows = rows;
      this.row = new float[activations.width()];
    }

    @Override
    public boolean hasNext() {
      return next < rows.length;
    }

    @Override
    public float[] next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      activations.read(rows[next++], 0, row);
      return row;
    }
  }
}

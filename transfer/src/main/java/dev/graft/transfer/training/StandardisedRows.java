package dev.graft.transfer.training;

import dev.graft.engine.FloatTensor;
import org.jspecify.annotations.Nullable;

/**
 * Standardised features by example and view: read and scaled once and then kept, unless all of them
 * together are larger than {@value #MOST_KEPT} values; then they are read each time. Not
 * thread-safe.
 */
final class StandardisedRows {
  private static final long MOST_KEPT = 40L << 20;

  private final Activations activations;
  private final FeatureScaling scaling;
  private final int views;
  private final float @Nullable [] @Nullable [] kept;
  private final float[] raw;

  /**
   * Keeps nothing yet.
   *
   * @param examples number of examples of the activations
   * @param views views of each that will be asked for
   */
  StandardisedRows(Activations activations, int examples, int views, FeatureScaling scaling) {
    this.activations = activations;
    this.scaling = scaling;
    this.views = views;
    boolean keeps = (long) examples * views * activations.width() <= MOST_KEPT;
    this.kept = keeps ? new float[examples * views][] : null;
    this.raw = new float[activations.width()];
  }

  /** Rows of some examples, [examples, width]; each in the view that is its turn in the epoch. */
  FloatTensor batch(int[] examples, int epoch) {
    int width = raw.length;
    float[] values = new float[examples.length * width];
    for (int i = 0; i < examples.length; i++) {
      int view = (epoch + examples[i]) % views;
      System.arraycopy(row(examples[i], view), 0, values, i * width, width);
    }
    return new FloatTensor(values, examples.length, width);
  }

  private float[] row(int example, int view) {
    int slot = example * views + view;
    if (kept != null && kept[slot] != null) {
      return kept[slot];
    }
    activations.read(example, view, raw);
    float[] row = new float[raw.length];
    scaling.apply(raw, row);
    if (kept != null) {
      kept[slot] = row;
    }
    return row;
  }
}

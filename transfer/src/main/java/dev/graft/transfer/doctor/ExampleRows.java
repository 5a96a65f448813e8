package dev.graft.transfer.doctor;

import dev.graft.engine.FeatureMatrix;
import dev.graft.transfer.training.FeatureScaling;
import dev.graft.transfer.training.SparseProjection;
import java.util.Arrays;
import java.util.List;

/**
 * Features of the examples of all parts, one row each, the parts one after another; shortened where
 * there are many.
 */
final class ExampleRows {
  private static final long MOST_VALUES = 4_000_000;

  private final float[][] rows;
  private final int width;

  private ExampleRows(float[][] rows, int width) {
    this.rows = rows;
    this.width = width;
  }

  static ExampleRows of(List<ExaminedPart> parts) {
    int examples = parts.stream().mapToInt(ExaminedPart::size).sum();
    int full = parts.get(0).features().width();
    boolean shorten = (long) examples * full > MOST_VALUES && full > SparseProjection.WIDTH;
    SparseProjection projection = new SparseProjection(full);
    float[][] rows = new float[examples][];
    int next = 0;
    float[] raw = new float[full];
    for (ExaminedPart part : parts) {
      for (int i = 0; i < part.size(); i++) {
        part.features().read(i, 0, raw);
        if (shorten) {
          rows[next] = new float[SparseProjection.WIDTH];
          projection.apply(raw, rows[next], 0);
        } else {
          rows[next] = raw.clone();
        }
        next++;
      }
    }
    return new ExampleRows(rows, shorten ? SparseProjection.WIDTH : full);
  }

  int count() {
    return rows.length;
  }

  int width() {
    return width;
  }

  /** Rows from first to before end, scaled as the first {@code training} rows are to be. */
  FeatureMatrix standardised(int training, int first, int end) {
    FeatureScaling scaling =
        FeatureScaling.measure(Arrays.asList(rows).subList(0, training), width);
    FeatureMatrix matrix = new FeatureMatrix(end - first, width);
    float[] scaled = new float[width];
    for (int i = first; i < end; i++) {
      scaling.apply(rows[i], scaled);
      matrix.setRow(i - first, scaled);
    }
    return matrix;
  }

  /**
   * All rows less their mean, each of length 1, so that products are cosines; what all examples
   * share tells nothing.
   */
  FeatureMatrix centredUnits() {
    double[] mean = new double[width];
    for (float[] row : rows) {
      for (int d = 0; d < width; d++) {
        mean[d] += row[d] / (double) rows.length;
      }
    }
    FeatureMatrix matrix = new FeatureMatrix(rows.length, width);
    float[] unit = new float[width];
    for (int i = 0; i < rows.length; i++) {
      double square = 0;
      for (int d = 0; d < width; d++) {
        double value = rows[i][d] - mean[d];
        square += value * value;
      }
      // A row at the mean itself is like no other.
      double factor = square > 1e-20 ? 1 / Math.sqrt(square) : 0;
      for (int d = 0; d < width; d++) {
        unit[d] = (float) ((rows[i][d] - mean[d]) * factor);
      }
      matrix.setRow(i, unit);
    }
    return matrix;
  }
}

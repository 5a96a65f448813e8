package dev.graft.runtime;

import java.util.Arrays;

/**
 * What a model says about the rows of one input, such as the windows of a long recording, as one
 * answer: the mean of the rows' probabilities. Not of their logarithms: a single window that hears
 * something else, and is sure of it, would rule out what all others hear.
 *
 * @param probabilities of the input, [classes]
 * @param deciding the row that gives the input's most probable class the highest probability
 */
record PooledRows(float[] probabilities, int deciding) {
  /**
   * Pools rows.
   *
   * @param rows [*, classes] probabilities, row-major
   * @param first the input's first row
   * @param count its rows; of a single one, the answer is that row to the bit
   */
  static PooledRows of(float[] rows, int first, int count, int classes) {
    if (count == 1) {
      return new PooledRows(
          Arrays.copyOfRange(rows, first * classes, (first + 1) * classes), first);
    }
    float[] mean = new float[classes];
    int best = 0;
    for (int c = 0; c < classes; c++) {
      double sum = 0;
      for (int row = first; row < first + count; row++) {
        sum += rows[row * classes + c];
      }
      mean[c] = (float) (sum / count);
      best = mean[c] > mean[best] ? c : best;
    }
    int deciding = first;
    for (int row = first; row < first + count; row++) {
      deciding = rows[row * classes + best] > rows[deciding * classes + best] ? row : deciding;
    }
    return new PooledRows(mean, deciding);
  }
}

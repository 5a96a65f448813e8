package dev.graft.data;

import java.util.Optional;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * All pairs of rows whose cosine reaches a threshold.
 *
 * <p>Rows are scaled to length 1 and projected to 64 dimensions by random signs. For unit vectors
 * |u - v|^2 = 2 - 2 cos, and the projection keeps it up to a factor of chi^2(64) / 64 (Johnson and
 * Lindenstrauss, 1984). Pairs whose projected distance is at most 1.9 times that of the threshold
 * are candidates, whose cosine is then computed from the features themselves: no pair is wrong, and
 * one that lies exactly at the threshold is missed with a probability below 1e-4, closer ones with
 * less. Projections are compared block by block ({@value #BLOCK} x {@value #COLUMNS} products);
 * beside the projections no memory grows with the rows.
 */
final class CosineNeighbours {

  /** A further condition on a pair of rows. */
  interface PairTest {
    boolean accepts(int i, int j);
  }

  private static final int DIMENSIONS = RandomProjection.DIMENSIONS;
  private static final int BLOCK = 128;
  private static final int COLUMNS = 8192;
  private static final double SLACK = 1.9;

  private final RandomProjection.Measured rows;
  private final double threshold;
  private final float[] projected;
  private final float[] squares;

  CosineNeighbours(RandomProjection.Measured rows, double threshold) {
    this.rows = rows;
    this.threshold = threshold;
    this.projected = rows.unitProjections();
    this.squares = new float[rows.count()];
    for (int i = 0; i < projected.length; i++) {
      squares[i / DIMENSIONS] += projected[i] * projected[i];
    }
  }

  /**
   * Links all rows that are neighbours and pass the test.
   *
   * @return the groups, or nothing where one has more than {@code cap} members
   */
  Optional<LinkedGroups> link(int cap, PairTest test) {
    int count = rows.count();
    LinkedGroups groups = new LinkedGroups(count);
    float[] products = new float[BLOCK * Math.min(COLUMNS, count)];
    try (PointerScope scope = new PointerScope()) {
      Mat all = RandomProjection.matrix(projected, count, DIMENSIONS);
      for (int first = 0; first < count; first += BLOCK) {
        int end = Math.min(count, first + BLOCK);
        for (int before = 0; before < end; before += COLUMNS) {
          int beforeEnd = Math.min(end, before + COLUMNS);
          multiply(all, first, end, before, beforeEnd, products);
          link(first, end, before, beforeEnd, products, test, groups);
          if (groups.largest() > cap) {
            return Optional.empty();
          }
        }
      }
    }
    return Optional.of(groups);
  }

  /**
   * Products p.q of the rows of a block with those of another, [end - first, beforeEnd - before].
   */
  private static void multiply(
      Mat all, int first, int end, int before, int beforeEnd, float[] products) {
    try (PointerScope scope = new PointerScope()) {
      Mat block = all.rowRange(first, end);
      Mat others = all.rowRange(before, beforeEnd);
      Mat product = new Mat();
      opencv_core.gemm(block, others, 1, new Mat(), 0, product, opencv_core.GEMM_2_T);
      new FloatPointer(product.data()).get(products, 0, (end - first) * (beforeEnd - before));
    }
  }

  /** |p - q|^2 = |p|^2 + |q|^2 - 2 p.q for each pair of an earlier and a later row. */
  private void link(
      int first,
      int end,
      int before,
      int beforeEnd,
      float[] products,
      PairTest test,
      LinkedGroups groups) {
    float limit = (float) (2 * (1 - threshold) * SLACK + 1e-5);
    int columns = beforeEnd - before;
    for (int i = first; i < end; i++) {
      int row = (i - first) * columns - before;
      float own = squares[i] - limit;
      for (int j = before; j < Math.min(i, beforeEnd); j++) {
        if (own + squares[j] <= 2 * products[row + j]
            && rows.cosine(i, j) >= threshold
            && test.accepts(j, i)) {
          groups.link(j, i);
        }
      }
    }
  }
}

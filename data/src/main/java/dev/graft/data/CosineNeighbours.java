package dev.graft.data;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * All pairs of rows whose cosine reaches a threshold.
 *
 * <p>Rows are scaled to length 1 and projected to 64 dimensions by random signs. For unit vectors
 * |u - v|^2 = 2 - 2 cos, and the projection keeps it up to a factor of chi^2(64) / 64 (Johnson and
 * Lindenstrauss, 1984; signs: Achlioptas, 2003). Pairs whose projected distance is at most 1.9
 * times that of the threshold are candidates, whose cosine is then computed from the features
 * themselves: no pair is wrong, and one that lies exactly at the threshold is missed with a
 * probability below 1e-4, closer ones with less. Projections are compared block by block (64 x 128
 * floats, 32 KiB), on all cores; beside the projections no memory grows with the rows.
 */
final class CosineNeighbours {

  /** A further condition on a pair of rows. */
  interface PairTest {
    boolean accepts(int i, int j);
  }

  private static final int DIMENSIONS = RandomProjection.DIMENSIONS;
  private static final int BLOCK = 128;
  private static final double SLACK = 1.9;

  private final float[] features;
  private final int width;
  private final int[] rows;
  private final double threshold;
  private final float[] mean;
  private final float[] inverseLength;
  private final float[] projected;
  private final float[] squares;

  private CosineNeighbours(RandomProjection projection, double threshold, float[] mean) {
    this.features = projection.features();
    this.width = projection.width();
    this.rows = projection.rows();
    this.threshold = threshold;
    this.mean = mean;
    this.inverseLength = new float[rows.length];
    this.projected = new float[rows.length * DIMENSIONS];
    this.squares = new float[rows.length];
    float[] projectedMean = projection.of(mean, 0);
    IntStream.range(0, rows.length).parallel().forEach(i -> scale(i, projection, projectedMean));
  }

  /** Neighbours by the cosine of the features. */
  static CosineNeighbours of(RandomProjection projection, double threshold) {
    return new CosineNeighbours(projection, threshold, new float[projection.width()]);
  }

  /** Neighbours by the cosine of the features less their mean. */
  static CosineNeighbours ofCentred(RandomProjection projection, double threshold) {
    return new CosineNeighbours(projection, threshold, projection.mean());
  }

  /** The projection of a row less the mean, scaled as if the row had been to length 1 before. */
  private void scale(int i, RandomProjection projection, float[] projectedMean) {
    int from = rows[i] * width;
    double lengthSquared = 0;
    for (int d = 0; d < width; d++) {
      double value = features[from + d] - mean[d];
      lengthSquared += value * value;
    }
    // A row without length (or with a NaN) is like no other.
    inverseLength[i] = lengthSquared > 1e-20 ? (float) (1 / Math.sqrt(lengthSquared)) : 0;
    for (int k = 0; k < DIMENSIONS; k++) {
      float value = (projection.value(i, k) - projectedMean[k]) * inverseLength[i];
      projected[i * DIMENSIONS + k] = value;
      squares[i] += value * value;
    }
  }

  /**
   * Links all rows that are neighbours and pass the test.
   *
   * @return the groups, or nothing where one has more than {@code cap} members
   */
  Optional<LinkedGroups> link(int cap, PairTest test) {
    LinkedGroups groups = new LinkedGroups(rows.length);
    AtomicBoolean tooLarge = new AtomicBoolean();
    int blocks = (rows.length + BLOCK - 1) / BLOCK;
    IntStream.range(0, blocks)
        .parallel()
        .forEach(
            block -> {
              float[] turned = turned(block);
              for (int other = 0; other <= block && !tooLarge.get(); other++) {
                linkBlocks(other, block, turned, test, cap, groups, tooLarge);
              }
            });
    return tooLarge.get() ? Optional.empty() : Optional.of(groups);
  }

  /**
   * The projections of a block as [64, 128], so that one row is compared with all of them in one
   * loop.
   */
  private float[] turned(int block) {
    float[] turned = new float[DIMENSIONS * BLOCK];
    int count = Math.min(BLOCK, rows.length - block * BLOCK);
    for (int j = 0; j < count; j++) {
      for (int k = 0; k < DIMENSIONS; k++) {
        turned[k * BLOCK + j] = projected[(block * BLOCK + j) * DIMENSIONS + k];
      }
    }
    return turned;
  }

  private void linkBlocks(
      int first,
      int second,
      float[] turned,
      PairTest test,
      int cap,
      LinkedGroups groups,
      AtomicBoolean tooLarge) {
    float[] distances = new float[BLOCK];
    float limit = (float) (2 * (1 - threshold) * SLACK + 1e-5);
    int end = Math.min(rows.length, (first + 1) * BLOCK);
    int secondStart = second * BLOCK;
    int secondEnd = Math.min(rows.length, secondStart + BLOCK);
    for (int i = first * BLOCK; i < end; i++) {
      distances(i, turned, secondStart, distances);
      for (int j = Math.max(secondStart, i + 1); j < secondEnd; j++) {
        if (distances[j - secondStart] <= limit
            && cosine(i, j) >= threshold
            && test.accepts(i, j)) {
          synchronized (groups) {
            groups.link(i, j);
            if (groups.largest() > cap) {
              tooLarge.set(true);
            }
          }
        }
      }
      if (tooLarge.get()) {
        return;
      }
    }
  }

  /** |p - q|^2 = |p|^2 + |q|^2 - 2 p.q for one row against a block. */
  private void distances(int i, float[] turned, int secondStart, float[] distances) {
    java.util.Arrays.fill(distances, 0);
    for (int k = 0; k < DIMENSIONS; k += 4) {
      addProducts(turned, k * BLOCK, projected, i * DIMENSIONS + k, distances);
    }
    int count = Math.min(BLOCK, rows.length - secondStart);
    for (int j = 0; j < count; j++) {
      distances[j] = squares[i] + squares[secondStart + j] - 2 * distances[j];
    }
  }

  /** Four dimensions at once, so that the sums are loaded and stored a quarter as often. */
  private static void addProducts(
      float[] turned, int offset, float[] row, int rowOffset, float[] sums) {
    float a = row[rowOffset];
    float b = row[rowOffset + 1];
    float c = row[rowOffset + 2];
    float d = row[rowOffset + 3];
    for (int j = 0; j < BLOCK; j++) {
      sums[j] +=
          a * turned[offset + j]
              + b * turned[offset + BLOCK + j]
              + c * turned[offset + 2 * BLOCK + j]
              + d * turned[offset + 3 * BLOCK + j];
    }
  }

  private double cosine(int i, int j) {
    int a = rows[i] * width;
    int b = rows[j] * width;
    double dot = 0;
    for (int d = 0; d < width; d++) {
      dot += (double) (features[a + d] - mean[d]) * (features[b + d] - mean[d]);
    }
    return dot * inverseLength[i] * inverseLength[j];
  }
}

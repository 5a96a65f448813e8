package dev.graft.transfer;

import dev.graft.data.NearDuplicates;
import dev.graft.transfer.training.Activations;
import dev.graft.transfer.training.ExampleTable;
import java.util.SplittableRandom;

/**
 * Near-duplicates among training examples, in bounded memory: features of many examples are
 * shortened by a sparse random projection, which keeps cosines up to some thousandths (Achlioptas
 * 2003; Li, Hastie and Church 2006), and above {@value #MOST_COMPARED} examples only equal files
 * are grouped.
 */
final class LikeExamples {
  private static final int MOST_COMPARED = 50_000;
  private static final long MOST_VALUES = 24L << 20;
  private static final int PROJECTED_WIDTH = 256;
  private static final int TERMS = 32;

  private LikeExamples() {}

  static NearDuplicates find(ExampleTable train, Activations features) {
    if (train.size() > MOST_COMPARED) {
      return NearDuplicates.exact(train.contentHashes());
    }
    boolean shorten =
        (long) train.size() * features.width() > MOST_VALUES && features.width() > PROJECTED_WIDTH;
    int width = shorten ? PROJECTED_WIDTH : features.width();
    Projection projection = new Projection(features.width());
    float[] all = new float[train.size() * width];
    float[] row = new float[features.width()];
    for (int i = 0; i < train.size(); i++) {
      features.read(i, 0, row);
      if (shorten) {
        projection.apply(row, all, i * width);
      } else {
        System.arraycopy(row, 0, all, i * width, width);
      }
    }
    return NearDuplicates.find(train.contentHashes(), all, width, NearDuplicates.DEFAULT_THRESHOLD);
  }

  /** Each output is a sum of a few features with random signs, the same for every row. */
  private static final class Projection {
    private final int[] positions = new int[PROJECTED_WIDTH * TERMS];
    private final float[] signs = new float[PROJECTED_WIDTH * TERMS];

    Projection(int width) {
      SplittableRandom random = new SplittableRandom(7);
      for (int i = 0; i < positions.length; i++) {
        positions[i] = random.nextInt(width);
        signs[i] = random.nextBoolean() ? 1 : -1;
      }
    }

    void apply(float[] row, float[] out, int offset) {
      for (int o = 0; o < PROJECTED_WIDTH; o++) {
        float sum = 0;
        for (int t = o * TERMS; t < (o + 1) * TERMS; t++) {
          sum += signs[t] * row[positions[t]];
        }
        out[offset + o] = sum;
      }
    }
  }
}

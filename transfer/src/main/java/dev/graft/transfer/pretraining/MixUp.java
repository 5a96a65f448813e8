package dev.graft.transfer.pretraining;

import dev.graft.engine.FloatTensor;
import dev.graft.engine.MixedLabels;
import java.util.SplittableRandom;

/**
 * Mixes the images of a batch two by two: {@code s x_i + (1 - s) x_j} with the labels of both,
 * where j is the place that mirrors i in the batch, and s is drawn from Beta(alpha, alpha) once for
 * each batch (Zhang et al. 2018, "mixup: Beyond Empirical Risk Minimization"). Stateless.
 */
final class MixUp {
  private MixUp() {}

  /**
   * Mixes a batch in place.
   *
   * @param images [N, C, H, W]
   * @param step the number of the step, by which s is drawn
   * @return the labels of both images of each mixture
   */
  static MixedLabels mix(FloatTensor images, int[] labels, double alpha, long seed, long step) {
    double share = share(alpha, seed, step);
    float[] values = images.values();
    int rows = labels.length;
    int width = values.length / Math.max(1, rows);
    int[] others = new int[rows];
    for (int row = 0; row < rows; row++) {
      int other = rows - 1 - row;
      others[row] = labels[other];
      if (row < other) {
        blend(values, row * width, other * width, width, (float) share);
      }
    }
    return new MixedLabels(labels, others, share);
  }

  private static void blend(float[] values, int one, int other, int width, float share) {
    for (int i = 0; i < width; i++) {
      float a = values[one + i];
      float b = values[other + i];
      values[one + i] = share * a + (1 - share) * b;
      values[other + i] = share * b + (1 - share) * a;
    }
  }

  /** Beta(alpha, alpha) as the share of one of two gamma variables in their sum. */
  static double share(double alpha, long seed, long step) {
    SplittableRandom random =
        new SplittableRandom(new SplittableRandom(seed * 1_000_003L + step).nextLong());
    double one = gamma(alpha, random);
    double other = gamma(alpha, random);
    double sum = one + other;
    return sum > 0 ? one / sum : random.nextInt(2);
  }

  /** Marsaglia and Tsang 2000, "A Simple Method for Generating Gamma Variables". */
  private static double gamma(double shape, SplittableRandom random) {
    if (shape < 1) {
      double smaller = Math.pow(1 - random.nextDouble(), 1 / shape);
      return gamma(shape + 1, random) * smaller;
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = Math.pow(1 + c * x, 3);
      if (v > 0 && Math.log(1 - random.nextDouble()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
        return d * v;
      }
    }
  }
}

package dev.graft.transfer.doctor;

/**
 * How alike two pictures are after one has been cropped and shifted against the other as far as it
 * helps: the largest correlation of their grey values, -1 to 1, which brightness and contrast do
 * not change.
 *
 * <p>Each side of one picture may lie up to {@value #MOST_CUT} of its length inside the other's, or
 * outside. The four margins are moved one at a time while the correlation grows, in steps of 4 %
 * down to 0.5 %.
 */
final class PictureLikeness {
  private static final double MOST_CUT = 0.12;
  private static final int SIDE = 20;
  private static final double[] STEPS = {0.04, 0.02, 0.01, 0.005};
  private static final int SWEEPS = 3;

  /** Pictures that are less alike than that as they lie do not become the same by a crop. */
  private static final double LEAST_AT_START = 0.3;

  /** Nothing needs to be told apart beyond. */
  private static final double ENOUGH = 0.9995;

  /** What pictures of one origin have reached after each step; others are given up. */
  private static final double[] LEAST_AFTER = {0.85, 0.93, 0.96, -1};

  private final float[] a = new float[SIDE * SIDE];
  private final float[] b = new float[SIDE * SIDE];
  private final double[] windowA = new double[4];
  private final double[] windowB = new double[4];

  /** The correlation at the best crop. */
  double of(GreyGrid one, GreyGrid other) {
    double[] margins = new double[4];
    double best = correlation(one, other, margins);
    if (best < LEAST_AT_START) {
      return best;
    }
    for (int i = 0; i < STEPS.length; i++) {
      for (int sweep = 0; sweep < SWEEPS && best < ENOUGH; sweep++) {
        best = sweep(one, other, margins, STEPS[i], best);
      }
      if (best < LEAST_AFTER[i]) {
        return best;
      }
    }
    return best;
  }

  private double sweep(
      GreyGrid one, GreyGrid other, double[] margins, double step, double bestBefore) {
    double best = bestBefore;
    for (int side = 0; side < margins.length; side++) {
      double kept = margins[side];
      for (double moved : new double[] {kept + step, kept - step}) {
        if (Math.abs(moved) <= MOST_CUT) {
          double before = margins[side];
          margins[side] = moved;
          double now = correlation(one, other, margins);
          if (now > best) {
            best = now;
          } else {
            margins[side] = before;
          }
        }
      }
    }
    return best;
  }

  /** A positive margin is cut off the first picture, a negative one off the second. */
  private double correlation(GreyGrid one, GreyGrid other, double[] margins) {
    for (int side = 0; side < margins.length; side++) {
      windowA[side] = Math.max(0, margins[side]);
      windowB[side] = Math.max(0, -margins[side]);
    }
    one.sample(windowA, SIDE, a);
    other.sample(windowB, SIDE, b);
    double sumA = 0;
    double sumB = 0;
    double squareA = 0;
    double squareB = 0;
    double product = 0;
    for (int i = 0; i < a.length; i++) {
      sumA += a[i];
      sumB += b[i];
      squareA += (double) a[i] * a[i];
      squareB += (double) b[i] * b[i];
      product += (double) a[i] * b[i];
    }
    int count = a.length;
    double varianceA = squareA - sumA * sumA / count;
    double varianceB = squareB - sumB * sumB / count;
    // Pictures of one grey have nothing to be compared by.
    return varianceA < count || varianceB < count
        ? 0
        : (product - sumA * sumB / count) / Math.sqrt(varianceA * varianceB);
  }
}

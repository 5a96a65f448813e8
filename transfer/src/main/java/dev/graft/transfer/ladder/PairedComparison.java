package dev.graft.transfer.ladder;

import dev.graft.transfer.evidence.McNemar;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Two classifiers on the same held-out examples, each pair of predictions compared.
 *
 * <p>Near-duplicates are not independent: their differences are averaged, and a group counts once.
 *
 * @param wins groups that the upper one tells right more often
 * @param losses groups that the lower one tells right more often
 * @param lossDifference mean log loss of the upper less that of the lower; below 0 is better
 * @param accuracyP one-sided mid-p value of the wins ({@link McNemar})
 * @param lossP one-sided p value of the loss difference, by a paired test in the normal
 *     approximation
 */
public record PairedComparison(
    int wins, int losses, double lossDifference, double accuracyP, double lossP) {
  /**
   * A gain is believed below this, and there are two chances to see one: 10 % for accuracy, 10 %
   * for the loss. Few examples cannot prove even a large gain at a stricter level.
   */
  private static final double LEVEL = 0.1;

  /** One certain error shall not outweigh a hundred others. */
  private static final double LEAST_PROBABILITY = 1e-3;

  /**
   * Compares.
   *
   * @param labels class index of each example
   * @param groups near-duplicates have the same number
   * @param lower [examples, classes] probabilities, row-major
   * @param upper the same of the other classifier
   */
  public static PairedComparison of(int[] labels, int[] groups, float[] lower, float[] upper) {
    int classes = lower.length / labels.length;
    Map<Integer, double[]> sums = new LinkedHashMap<>(); // correct, loss, examples
    for (int i = 0; i < labels.length; i++) {
      double[] sum = sums.computeIfAbsent(groups[i], group -> new double[3]);
      sum[0] += right(upper, i, classes, labels[i]) - right(lower, i, classes, labels[i]);
      sum[1] += loss(upper[i * classes + labels[i]]) - loss(lower[i * classes + labels[i]]);
      sum[2]++;
    }
    int wins = 0;
    int losses = 0;
    double total = 0;
    double squares = 0;
    for (double[] sum : sums.values()) {
      wins += sum[0] > 0 ? 1 : 0;
      losses += sum[0] < 0 ? 1 : 0;
      double difference = sum[1] / sum[2];
      total += difference;
      squares += difference * difference;
    }
    double mean = total / sums.size();
    double variance = Math.max(0, squares / sums.size() - mean * mean);
    double error = Math.sqrt(variance / Math.max(1, sums.size() - 1));
    return new PairedComparison(
        wins,
        losses,
        mean,
        McNemar.oneSidedMidP(wins, losses),
        error > 0 ? normal(mean / error) : mean < 0 ? 0 : 1);
  }

  private static int right(float[] probabilities, int example, int classes, int label) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      best =
          probabilities[example * classes + c] > probabilities[example * classes + best] ? c : best;
    }
    return best == label ? 1 : 0;
  }

  private static double loss(double probability) {
    return -Math.log(Math.max(LEAST_PROBABILITY, probability));
  }

  /** The standard normal distribution function (Abramowitz and Stegun 1964, 26.2.17). */
  static double normal(double z) {
    double t = 1 / (1 + 0.2316419 * Math.abs(z));
    double tail =
        Math.exp(-z * z / 2)
            / Math.sqrt(2 * Math.PI)
            * t
            * (0.319381530
                + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    return z < 0 ? tail : 1 - tail;
  }

  /** The smaller of both p values, by which the gain is judged. */
  public double pValue() {
    return Math.min(accuracyP, lossP);
  }

  /** Whether the upper one's loss is higher, believed below a p value; never that of equal ones. */
  public boolean provesHigherLoss(double level) {
    return lossDifference > 0 && lossP > 1 - level;
  }

  /**
   * Whether the upper one is better beyond doubt: more often right, and not beyond doubt less sure;
   * or surer, and no less often right.
   */
  public boolean provesGain() {
    boolean moreRight = accuracyP < LEVEL && lossP < 1 - LEVEL;
    boolean surer = lossP < LEVEL && wins >= losses;
    return moreRight || surer;
  }
}

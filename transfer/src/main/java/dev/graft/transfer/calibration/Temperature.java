package dev.graft.transfer.calibration;

import java.util.stream.IntStream;

/**
 * The number by which logits are divided so that probabilities are neither too sure nor too
 * cautious (Guo et al. 2017, section 4.2).
 *
 * <p>Logarithms of probabilities are logits up to a constant of each example, which the softmax
 * takes away: p_i(T) = p_i^(1/T) / sum_j p_j^(1/T).
 *
 * <p>T minimises the sum of -ln p(T) over the held-out examples + |ln T| / {@value #PRIOR_SCALE},
 * which is the most probable T where ln T has a Laplace distribution of that scale before any
 * example was seen. So T is exactly 1 unless the examples pull harder than that, as 50 of them do
 * only where the probabilities are far off, and with many examples the data decide. Without it, T
 * of 50 held-out digits made the probabilities of others worse in every second run, and with it in
 * none of 30.
 */
final class Temperature {
  static final double LARGEST = 5;
  private static final double PRIOR_SCALE = 0.1;

  /** More examples do not change the second digit. */
  private static final int MOST_EXAMPLES = 5_000;

  private static final double TOLERANCE = 1e-4;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  private Temperature() {}

  /** From 1 / {@value #LARGEST} to {@value #LARGEST}; 1 where too little is gained. */
  static double fit(HeldOutPredictions all) {
    HeldOutPredictions heldOut = all.rows(evenly(all.size()));
    double unchanged = objective(heldOut, 0);
    if (objective(heldOut, TOLERANCE) < unchanged) {
      return Math.exp(minimum(heldOut, 0, Math.log(LARGEST)));
    }
    if (objective(heldOut, -TOLERANCE) < unchanged) {
      return Math.exp(minimum(heldOut, -Math.log(LARGEST), 0));
    }
    return 1;
  }

  private static int[] evenly(int count) {
    int kept = Math.min(count, MOST_EXAMPLES);
    return IntStream.range(0, kept).map(i -> (int) ((long) i * count / kept)).toArray();
  }

  /** ln T by golden section; the loss has one minimum, since it is convex in 1/T. */
  private static double minimum(HeldOutPredictions heldOut, double from, double to) {
    double low = from;
    double high = to;
    double left = high - GOLDEN * (high - low);
    double right = low + GOLDEN * (high - low);
    double atLeft = objective(heldOut, left);
    double atRight = objective(heldOut, right);
    while (high - low > TOLERANCE) {
      if (atLeft <= atRight) {
        high = right;
        right = left;
        atRight = atLeft;
        left = high - GOLDEN * (high - low);
        atLeft = objective(heldOut, left);
      } else {
        low = left;
        left = right;
        atLeft = atRight;
        right = low + GOLDEN * (high - low);
        atRight = objective(heldOut, right);
      }
    }
    return (low + high) / 2;
  }

  private static double objective(HeldOutPredictions heldOut, double logTemperature) {
    return loss(heldOut, logTemperature) + Math.abs(logTemperature) / PRIOR_SCALE;
  }

  /** Sum of -ln p(T) of the true classes. */
  private static double loss(HeldOutPredictions predictions, double logTemperature) {
    double factor = Math.exp(-logTemperature);
    double[] scaled = new double[predictions.classes()];
    double sum = 0;
    for (int i = 0; i < predictions.size(); i++) {
      double logOfSum = scaledLogits(predictions.probabilities(), i, factor, scaled);
      sum += logOfSum - scaled[predictions.labels()[i]];
    }
    return sum;
  }

  /** Writes ln p_i / T, and gives the logarithm of the sum of their exponentials. */
  private static double scaledLogits(
      float[] probabilities, int example, double factor, double[] scaled) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < scaled.length; c++) {
      // Zero means less than the least number of 32 bits.
      double kept = Math.max(Float.MIN_VALUE, probabilities[example * scaled.length + c]);
      scaled[c] = factor * Math.log(kept);
      largest = Math.max(largest, scaled[c]);
    }
    double sum = 0;
    for (double logit : scaled) {
      sum += Math.exp(logit - largest);
    }
    return largest + Math.log(sum);
  }

  /** The probabilities [examples, classes] of logits that are divided by a temperature. */
  static float[] apply(float[] probabilities, int classes, double temperature) {
    if (temperature == 1) {
      return probabilities;
    }
    float[] result = new float[probabilities.length];
    double[] scaled = new double[classes];
    for (int i = 0; i < probabilities.length / classes; i++) {
      double logOfSum = scaledLogits(probabilities, i, 1 / temperature, scaled);
      for (int c = 0; c < classes; c++) {
        result[i * classes + c] = (float) Math.exp(scaled[c] - logOfSum);
      }
    }
    return result;
  }
}

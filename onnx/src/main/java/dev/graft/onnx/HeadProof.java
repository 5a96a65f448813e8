package dev.graft.onnx;

/**
 * The evidence that a linear head is the model's last layer: {@code weight · features + bias} gives
 * the logits that the model itself gives.
 *
 * @param examples the number of examples compared
 * @param largestAbsoluteError the largest |expected - found|
 * @param largestRelativeError the largest |expected - found| / (largest |logit| of the example)
 * @param holds whether every example's relative error is at most {@link #TOLERANCE}
 */
public record HeadProof(
    int examples, double largestAbsoluteError, double largestRelativeError, boolean holds) {
  /** Room for another order of summation in single precision over some thousand features. */
  public static final double TOLERANCE = 1e-3;

  /**
   * Recomputes the logits.
   *
   * @param features [examples, head.features] row-major, as the model computed them
   * @param logits [examples, head.classes] row-major, as the model computed them
   * @throws IllegalArgumentException if the lengths do not fit the head
   */
  public static HeadProof of(
      LinearHead head, HeadWeights weights, float[] features, float[] logits) {
    int examples = logits.length / head.classes();
    if (examples == 0
        || logits.length != examples * head.classes()
        || features.length != examples * head.features()) {
      throw new IllegalArgumentException(
          "a head of %d features and %d classes got %d feature values and %d logits"
              .formatted(head.features(), head.classes(), features.length, logits.length));
    }
    float[] weight = weights.weight();
    float[] bias = weights.bias();
    double largestAbsolute = 0;
    double largestRelative = 0;
    for (int example = 0; example < examples; example++) {
      double magnitude = 1e-6;
      double error = 0;
      for (int label = 0; label < head.classes(); label++) {
        double sum = bias[label];
        for (int feature = 0; feature < head.features(); feature++) {
          sum +=
              (double) weight[label * head.features() + feature]
                  * features[example * head.features() + feature];
        }
        double found = logits[example * head.classes() + label];
        double difference = Math.abs(sum - found);
        // NaN compares false with everything, but must fail the proof.
        error = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(error, difference);
        magnitude = Math.max(magnitude, Math.abs(found));
      }
      largestAbsolute = Math.max(largestAbsolute, error);
      largestRelative = Math.max(largestRelative, error / magnitude);
    }
    return new HeadProof(examples, largestAbsolute, largestRelative, largestRelative <= TOLERANCE);
  }
}

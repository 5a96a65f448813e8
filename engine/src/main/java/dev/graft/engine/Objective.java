package dev.graft.engine;

/** What the training of a network makes small over the examples of a batch. */
public sealed interface Objective {
  /** Cross-entropy, all classes alike, labels as they are. */
  Objective CLASSIFICATION = new Classification(new float[0], 0);

  /**
   * The cross-entropy of logits [N, classes].
   *
   * @param classWeights factor on the loss of each class; empty for all alike
   * @param labelSmoothing share of the target spread over all classes, in [0, 1)
   */
  record Classification(float[] classWeights, double labelSmoothing) implements Objective {
    /** Checks the range. */
    public Classification {
      if (labelSmoothing < 0 || labelSmoothing >= 1) {
        throw new IllegalArgumentException(
            "label smoothing must be in [0, 1) but is " + labelSmoothing);
      }
    }
  }

  /**
   * Features [N, width] of one class shall be alike and those of others not: over all pairs of a
   * batch, with the cosine c of their features,
   *
   * <p>(mean of (1 - c)² over pairs of one class + mean of c² over the others) / 2,
   *
   * <p>or one of the means alone where there are no pairs of the other kind. It is the loss of
   * SetFit (Tunstall et al. 2022, section 3), which draws as many pairs of either kind, over all
   * pairs instead of drawn ones. A batch stays whole, whatever its passes are set to.
   */
  record Likeness() implements Objective {}
}

package dev.graft.transfer.training;

/** Probabilities from logits: p_i = exp(z_i - max z) / sum_j exp(z_j - max z). */
public final class Softmax {
  private Softmax() {}

  /** The probabilities of one example, in double precision inside. */
  public static float[] of(float[] logits) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double[] exponentials = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      exponentials[i] = Math.exp(logits[i] - largest);
      sum += exponentials[i];
    }
    float[] probabilities = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] = (float) (exponentials[i] / sum);
    }
    return probabilities;
  }
}

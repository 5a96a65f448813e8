package dev.graft.onnx;

/**
 * A stored tensor that may train, and what it does.
 *
 * @param name the initialiser's name
 * @param role what the operator uses it for
 * @param elementCount the number of values
 * @param fanIn the number of inputs that each output of the operator sums over; 1 where the role
 *     has none
 * @param fanOut the number of outputs that each input reaches; 1 where the role has none
 */
public record WeightTensor(String name, Role role, long elementCount, long fanIn, long fanOut) {
  /** What an operator uses a trainable tensor for. */
  public enum Role {
    CONVOLUTION_WEIGHT,
    LINEAR_WEIGHT,
    /** A summand of a convolution, a linear operator or a float path. */
    BIAS,
    NORM_SCALE,
    NORM_BIAS,
    /** A table that Gather looks up, or a learned vector such as a class token. */
    EMBEDDING,
    /** The slopes of PRelu. */
    SLOPE,
    /** A factor with more than one element on a float path, such as LayerScale. */
    FACTOR
  }

  /**
   * Whether it is multiplied with what it is given and summed over: what decays toward zero where
   * norms, biases and tables do not.
   */
  public boolean isKernel() {
    return role == Role.CONVOLUTION_WEIGHT || role == Role.LINEAR_WEIGHT;
  }
}

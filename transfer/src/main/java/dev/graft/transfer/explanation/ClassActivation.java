package dev.graft.transfer.explanation;

/** The map of Grad-CAM, or why there is none. Immutable and thread-safe. */
public sealed interface ClassActivation {
  /**
   * Grad-CAM: relu(sum over channels k of a_k A_k), a_k the mean over all places of the gradient of
   * the class's logit with respect to A_k (Selvaraju et al. 2017, equations 1 and 2).
   *
   * @param tensor the tensor whose maps A were taken
   * @param map at least 0 everywhere; 0 everywhere where nothing speaks for the class
   */
  record Found(String tensor, HeatGrid map) implements ClassActivation {}

  /**
   * The network has no tensor of which it can be taken.
   *
   * @param reason why, as a sentence
   */
  record Absent(String reason) implements ClassActivation {}
}

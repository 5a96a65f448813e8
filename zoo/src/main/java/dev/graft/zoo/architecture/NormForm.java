package dev.graft.zoo.architecture;

/** How batch normalisation stands in a network's graph. */
public enum NormForm {
  /** As nodes of their own: what a network has while it is trained from scratch. */
  BATCH_NORM,
  /** Folded into weights and biases of the convolutions: what exporters leave for inference. */
  FOLDED
}

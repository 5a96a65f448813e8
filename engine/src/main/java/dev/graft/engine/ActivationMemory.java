package dev.graft.engine;

/** What becomes of the activations that the backward pass of a training step needs. */
public enum ActivationMemory {
  /** All stay in memory from the forward to the backward pass. */
  KEPT,
  /**
   * Only those at a few places of the network stay, and the backward pass computes what lies
   * between them again (Chen et al. 2016, "Training Deep Nets with Sublinear Memory Cost"): memory
   * grows with about the square root of the depth, for about one more forward pass of time.
   */
  RECOMPUTED
}

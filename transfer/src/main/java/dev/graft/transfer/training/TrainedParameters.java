package dev.graft.transfer.training;

/** Which weights of the blocks that are unfrozen train. */
public enum TrainedParameters {
  /** All. */
  ALL,
  /** Biases, and scales and offsets of norms (Ben Zaken et al. 2022, BitFit). */
  NORMS_AND_BIASES
}

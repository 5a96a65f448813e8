package dev.graft.engine;

/** Which mean and variance batch norms use while they train. */
public enum NormStatistics {
  /** The stored ones: right for a pretrained network and small batches. */
  FROZEN,
  /** Those of the batch, which also update the stored ones: right from fresh weights. */
  BATCH
}

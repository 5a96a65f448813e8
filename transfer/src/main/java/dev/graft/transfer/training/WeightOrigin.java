package dev.graft.transfer.training;

/** Where the trunk's weights come from, which decides how they are trained. */
public enum WeightOrigin {
  /** They know a source task: they train gently and are held near where they started. */
  PRETRAINED,
  /** They are random and know nothing: all of them train alike, from scratch. */
  FRESH
}

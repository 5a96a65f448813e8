package dev.graft.transfer.advice;

/**
 * What is reached without transfer.
 *
 * @param description what was done, in words
 * @param remark what limits the comparison; empty where nothing does
 * @param score on the examples that it was judged by
 * @param toBest the best candidate against this, on the same examples
 */
public record Baseline(
    Kind kind, String description, String remark, Score score, PairedAccuracy toBest) {
  /** The ways to do without transfer. */
  public enum Kind {
    /** Always the most frequent class. */
    MAJORITY,
    /** A linear classifier of shrunk pixels. */
    PIXELS,
    /** A head on a network with fresh weights. */
    RANDOM_FEATURES,
    /** A small network, all of whose layers trained from fresh weights. */
    FROM_SCRATCH
  }
}

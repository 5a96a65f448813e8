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
    /** Of images: a linear classifier of shrunk pixels. */
    PIXELS,
    /** Of texts: a linear classifier of counts of words. */
    WORDS,
    /** Of recordings: a linear classifier of mean and deviation of mel bands. */
    MEL_BANDS,
    /** A head on a network with fresh weights. */
    RANDOM_FEATURES,
    /** A small network, all of whose layers trained from fresh weights. */
    FROM_SCRATCH
  }
}

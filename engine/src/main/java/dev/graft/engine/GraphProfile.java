package dev.graft.engine;

/**
 * What one example costs.
 *
 * @param parameters number of weights in the file
 * @param multiplyAdds multiply-adds of convolutions and matrix products for one example
 * @param largestActivationElements elements of the largest intermediate tensor for one example
 */
public record GraphProfile(long parameters, long multiplyAdds, long largestActivationElements) {
  /** Bytes of the largest activation that still stays in the caches of common processors. */
  private static final long CACHE_FRIENDLY_BYTES = 12L << 20;

  private static final int MAXIMUM_BATCH = 64;

  /**
   * The number of examples per batch whose largest activation stays in the processor's cache: more
   * would wait for memory.
   */
  public int batchFor(Precision precision) {
    int elementBytes = precision == Precision.BF16 ? 2 : 4;
    long bytes = Math.max(1, largestActivationElements * elementBytes);
    return (int) Math.max(1, Math.min(MAXIMUM_BATCH, CACHE_FRIENDLY_BYTES / bytes));
  }
}

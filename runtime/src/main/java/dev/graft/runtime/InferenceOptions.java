package dev.graft.runtime;

/**
 * How an {@link InferenceSession} uses the machine.
 *
 * @param threads computing threads of one call, 1 to 1024
 * @param maximumModelBytes size above which a model file is refused before it is read; at most 2
 *     GB, the limit of the file format
 */
public record InferenceOptions(int threads, long maximumModelBytes) {

  /** The largest model file that the ONNX format allows, in bytes. */
  public static final long FORMAT_LIMIT_BYTES = Integer.MAX_VALUE;

  private static final int MAXIMUM_THREADS = 1024;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a value is out of range
   */
  public InferenceOptions {
    if (threads < 1 || threads > MAXIMUM_THREADS) {
      throw new IllegalArgumentException(
          "InferenceOptions.threads is " + threads + "; expected 1 to " + MAXIMUM_THREADS);
    }
    if (maximumModelBytes < 1 || maximumModelBytes > FORMAT_LIMIT_BYTES) {
      throw new IllegalArgumentException(
          "InferenceOptions.maximumModelBytes is "
              + maximumModelBytes
              + "; expected 1 to "
              + FORMAT_LIMIT_BYTES);
    }
  }

  /** One thread for each processor of this machine, and models up to the format's limit. */
  public static InferenceOptions defaults() {
    return new InferenceOptions(
        Math.min(MAXIMUM_THREADS, Runtime.getRuntime().availableProcessors()), FORMAT_LIMIT_BYTES);
  }

  /** The same options with another number of threads. */
  public InferenceOptions withThreads(int threads) {
    return new InferenceOptions(threads, maximumModelBytes);
  }

  /** The same options with another size limit, in bytes. */
  public InferenceOptions withMaximumModelBytes(long maximumModelBytes) {
    return new InferenceOptions(threads, maximumModelBytes);
  }
}

package dev.graft.transfer.wakeword;

import java.util.List;

/**
 * A stretch of running sound that was put together, and where the phrase is said in it.
 *
 * @param samples in [-1, 1]
 * @param phrases where the phrase is said, in order
 */
record Scene(float[] samples, List<SpokenSpan> phrases) {
  /** Copies the list. */
  Scene {
    phrases = List.copyOf(phrases);
  }
}

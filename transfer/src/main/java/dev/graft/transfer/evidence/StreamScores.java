package dev.graft.transfer.evidence;

import java.util.List;

/**
 * What a wake word scored along a sound, and where the phrase is said in it.
 *
 * @param scores one for each window, as agreed on by patience
 * @param firstEnd seconds from the start to the end of the first window
 * @param hop seconds from one window to the next, above 0
 * @param phrases where the phrase is said, in order
 * @param hours that count for the rate of false accepts, at least 0
 */
public record StreamScores(
    double[] scores, double firstEnd, double hop, List<Stretch> phrases, double hours) {
  /**
   * A stretch of a sound.
   *
   * @param start in seconds
   * @param end in seconds, at least the start
   */
  public record Stretch(double start, double end) {}

  /** Copies the list. */
  public StreamScores {
    phrases = List.copyOf(phrases);
  }

  /** When a window ends, in seconds. */
  double seconds(int window) {
    return firstEnd + window * hop;
  }
}

package dev.graft.transfer.training;

/**
 * What the frozen part of a network gives for views of examples; computed once, then read.
 *
 * <p>Not thread-safe.
 */
public interface Activations {
  /** The number of floats of one row. */
  int width();

  /**
   * Writes a row.
   *
   * @param row number of the example
   * @param view 0 for the plain view
   */
  void read(int row, int view, float[] out);
}

package dev.graft.zoo.architecture;

/** Places from one application of a window to the next, down and across. */
record Stride(int rows, int columns) {
  /** The same along both axes. */
  static Stride of(int places) {
    return new Stride(places, places);
  }

  /** Whether windows are applied at each place. */
  boolean isWhole() {
    return rows == 1 && columns == 1;
  }
}

package dev.graft.transfer.explanation;

/**
 * Values at places of the part of an input that a network sees. Positions are shares of that part,
 * from 0 at its left or upper edge to 1 at its right or lower edge; those of sound lie over its
 * spectrogram. Immutable as long as nobody writes to the array, which is not copied; thread-safe.
 *
 * @param vertical where the rows lie
 * @param horizontal where the columns lie
 * @param values row by row
 */
public record HeatGrid(Axis vertical, Axis horizontal, float[] values) {
  private static final int SAMPLES = 4;

  /**
   * Equally distant positions.
   *
   * @param count how many, at least 1
   * @param first the centre of the first
   * @param step from one centre to the next, more than 0
   */
  public record Axis(int count, double first, double step) {
    /** Positions that divide the whole length. */
    static Axis even(int count) {
      return new Axis(count, 0.5 / count, 1.0 / count);
    }

    /** The centre of a position. */
    public double centre(int position) {
      return first + position * step;
    }

    /** The position at a share of the length as a number between 0 and count - 1. */
    double index(double share) {
      return Math.max(0, Math.min(count - 1.0, (share - first) / step));
    }
  }

  /** Checks that the values fill the grid. */
  public HeatGrid {
    if (values.length != (long) vertical.count() * horizontal.count()) {
      throw new IllegalArgumentException(
          vertical.count()
              + " x "
              + horizontal.count()
              + " places need as many values, got "
              + values.length);
    }
  }

  /** The number of rows. */
  public int rows() {
    return vertical.count();
  }

  /** The number of columns. */
  public int columns() {
    return horizontal.count();
  }

  /** The highest value. */
  public float highest() {
    return values[highestPlace()];
  }

  /** Where it lies, counted row by row; the first of equal ones. */
  public int highestPlace() {
    int highest = 0;
    for (int i = 1; i < values.length; i++) {
      highest = values[i] > values[highest] ? i : highest;
    }
    return highest;
  }

  /** The value at a place, bilinear between centres; beyond the outermost ones, theirs. */
  public double at(double x, double y) {
    double row = vertical.index(y);
    double column = horizontal.index(x);
    int upper = (int) row;
    int left = (int) column;
    int lower = Math.min(upper + 1, rows() - 1);
    int right = Math.min(left + 1, columns() - 1);
    double down = row - upper;
    double across = column - left;
    return (1 - down) * ((1 - across) * value(upper, left) + across * value(upper, right))
        + down * ((1 - across) * value(lower, left) + across * value(lower, right));
  }

  /** The mean over a rectangle, by a few samples. */
  double mean(double x, double y, double width, double height) {
    double sum = 0;
    for (int row = 0; row < SAMPLES; row++) {
      for (int column = 0; column < SAMPLES; column++) {
        sum += at(x + width * (column + 0.5) / SAMPLES, y + height * (row + 0.5) / SAMPLES);
      }
    }
    return sum / (SAMPLES * SAMPLES);
  }

  private float value(int row, int column) {
    return values[row * columns() + column];
  }
}

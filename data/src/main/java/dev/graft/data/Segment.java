package dev.graft.data;

import java.util.Locale;

/**
 * A part of a recording.
 *
 * @param startSeconds where it begins, from the start of the file, 0 or more
 * @param endSeconds where it ends, more than the start; infinite for the end of the file
 */
public record Segment(double startSeconds, double endSeconds) {
  public Segment {
    if (!(startSeconds >= 0 && startSeconds < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "segment, start: expected 0 seconds or more, found " + number(startSeconds));
    }
    if (!(endSeconds > startSeconds)) {
      throw new IllegalArgumentException(
          "segment, end: expected more than the start of "
              + number(startSeconds)
              + " seconds, found "
              + number(endSeconds));
    }
  }

  /** From a time to the end of the file. */
  public static Segment from(double startSeconds) {
    return new Segment(startSeconds, Double.POSITIVE_INFINITY);
  }

  /** The length in seconds, infinite where the end is that of the file. */
  public double seconds() {
    return endSeconds - startSeconds;
  }

  /** As in {@code 1.5-3} and {@code 1.5-end}, in seconds; equal for equal segments. */
  @Override
  public String toString() {
    return number(startSeconds)
        + "-"
        + (Double.isInfinite(endSeconds) ? "end" : number(endSeconds));
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.format(Locale.ROOT, "%d", (long) value)
        : Double.toString(value);
  }
}

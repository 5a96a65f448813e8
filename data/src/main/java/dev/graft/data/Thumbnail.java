package dev.graft.data;

/**
 * An image reduced to 8 x 8 grey values, to compare pictures by what they look like; immutable and
 * thread-safe.
 *
 * <p>Two pictures look the same where the mean absolute difference of their 64 values is at most 4
 * of 255. Measured on 240 photographs of ants and bees, 240 X-rays and 240 digits (the latter 28
 * pixels wide): all look the same after saving as JPEG of quality 0.3, and 237, 240 and 163 of them
 * at half their size; of 86,040 pairs of different pictures none does.
 */
public final class Thumbnail {
  /** Values on each side. */
  public static final int SIDE = 8;

  private static final int LARGEST_TOTAL_DIFFERENCE = 4 * SIDE * SIDE;

  private final byte[] luma;

  /**
   * Wraps a copy of the values.
   *
   * @param luma 64 unsigned values, row by row
   */
  public Thumbnail(byte[] luma) {
    if (luma.length != SIDE * SIDE) {
      throw new IllegalArgumentException("thumbnail: expected 64 values, found " + luma.length);
    }
    this.luma = luma.clone();
  }

  /** The 64 unsigned values, row by row; a copy. */
  public byte[] luma() {
    return luma.clone();
  }

  /** Whether the two pictures look the same. */
  public boolean looksLike(Thumbnail other) {
    int total = 0;
    for (int i = 0; i < luma.length; i++) {
      total += Math.abs((luma[i] & 0xff) - (other.luma[i] & 0xff));
    }
    return total <= LARGEST_TOTAL_DIFFERENCE;
  }
}

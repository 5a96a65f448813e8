package dev.graft.data.image;

/**
 * A decoded image: 8-bit RGB, row by row from the top left, in Java memory.
 *
 * <p>Sample c of the pixel in column x and row y is {@code rgb()[(y * width() + x) * 3 + c]},
 * unsigned. Thread-safe as long as nobody writes to the shared array, which is handed out without a
 * copy.
 */
public final class PixelImage {
  private final int width;
  private final int height;
  private final byte[] rgb;

  /**
   * Wraps the samples without a copy.
   *
   * @param width at least 1
   * @param height at least 1
   * @param rgb width * height * 3 samples
   */
  public PixelImage(int width, int height, byte[] rgb) {
    if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "expected 3 * width * height samples, found "
              + rgb.length
              + " for "
              + width
              + "x"
              + height);
    }
    this.width = width;
    this.height = height;
    this.rgb = rgb;
  }

  /** Pixels in a row. */
  public int width() {
    return width;
  }

  /** Rows. */
  public int height() {
    return height;
  }

  /** The samples, [height, width, 3]; shared, not to be written to. */
  public byte[] rgb() {
    return rgb;
  }

  @Override
  public String toString() {
    return "PixelImage[" + width + "x" + height + "]";
  }
}

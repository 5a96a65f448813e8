package dev.graft.data.image;

/**
 * A rectangle in an image, in pixels; edges may lie between pixels.
 *
 * @param x left edge, at least 0
 * @param y upper edge, at least 0
 * @param width more than 0
 * @param height more than 0
 */
public record Region(double x, double y, double width, double height) {
  public Region {
    if (!(x >= 0 && y >= 0 && width > 0 && height > 0)) {
      throw new IllegalArgumentException(
          "expected x, y >= 0 and width, height > 0, found "
              + x
              + ", "
              + y
              + ", "
              + width
              + ", "
              + height);
    }
  }

  /** The whole of an image. */
  public static Region whole(PixelImage image) {
    return new Region(0, 0, image.width(), image.height());
  }
}

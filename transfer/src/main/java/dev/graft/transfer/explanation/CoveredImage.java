package dev.graft.transfer.explanation;

import dev.graft.data.image.PixelImage;
import dev.graft.data.image.Region;

/**
 * An image of which parts are covered by its mean colour, which changes its brightness and contrast
 * least; for a photograph, that is a grey.
 *
 * @param image as it is
 * @param seen the part that the network sees
 * @param colour mean red, green and blue of that part
 */
record CoveredImage(PixelImage image, Region seen, byte[] colour) {
  static CoveredImage of(PixelImage image, Region seen) {
    int left = clamped(seen.x(), image.width() - 1);
    int top = clamped(seen.y(), image.height() - 1);
    int right = Math.max(left + 1, clamped(seen.x() + seen.width(), image.width()));
    int bottom = Math.max(top + 1, clamped(seen.y() + seen.height(), image.height()));
    long[] sum = new long[3];
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        for (int c = 0; c < 3; c++) {
          sum[c] += image.rgb()[3 * (y * image.width() + x) + c] & 0xFF;
        }
      }
    }
    long count = (long) (right - left) * (bottom - top);
    byte[] colour = new byte[3];
    for (int c = 0; c < 3; c++) {
      colour[c] = (byte) Math.round((double) sum[c] / count);
    }
    return new CoveredImage(image, seen, colour);
  }

  private static int clamped(double edge, int most) {
    return (int) Math.max(0, Math.min(most, Math.round(edge)));
  }

  /** A copy to cover parts of. */
  byte[] copy() {
    return image.rgb().clone();
  }

  /** Covers a rectangle that is given in shares of the seen part; its edges fall between pixels. */
  void cover(byte[] rgb, double x, double y, double width, double height) {
    int left = clamped(seen.x() + x * seen.width(), image.width());
    int top = clamped(seen.y() + y * seen.height(), image.height());
    int right = clamped(seen.x() + (x + width) * seen.width(), image.width());
    int bottom = clamped(seen.y() + (y + height) * seen.height(), image.height());
    for (int row = top; row < bottom; row++) {
      for (int column = left; column < right; column++) {
        System.arraycopy(colour, 0, rgb, 3 * (row * image.width() + column), 3);
      }
    }
  }

  PixelImage with(byte[] rgb) {
    return new PixelImage(image.width(), image.height(), rgb);
  }
}

package dev.graft.transfer.visualisation;

import dev.graft.data.image.PixelImage;
import java.util.Arrays;

/**
 * Patches of images, three by three on grey: small ones are enlarged pixel by pixel, large ones
 * reduced to means. Grey is also what lies outside of an image. Not thread-safe.
 */
final class PatchSheet {
  private static final int IN_A_ROW = 3;
  private static final int GAP = 2;
  private static final byte GREY = (byte) 128;

  /** Six bits of each colour look the same at this size and take a third of the bytes away. */
  private static final int KEPT_BITS = 0xFC;

  private final int cell;
  private final int side;
  private final byte[] rgb;

  /**
   * An empty sheet.
   *
   * @param cell pixels of a patch's longer side
   */
  PatchSheet(int cell) {
    this.cell = cell;
    this.side = IN_A_ROW * cell + (IN_A_ROW - 1) * GAP;
    this.rgb = new byte[3 * side * side];
    Arrays.fill(rgb, GREY);
  }

  /** Draws the patch at an index from 0 to 8. */
  void draw(int index, PixelImage image, PatchWindow window) {
    int longer = Math.max(window.height(), window.width());
    int height = Math.max(1, (int) ((long) window.height() * cell / longer));
    int width = Math.max(1, (int) ((long) window.width() * cell / longer));
    int top = index / IN_A_ROW * (cell + GAP) + (cell - height) / 2;
    int left = index % IN_A_ROW * (cell + GAP) + (cell - width) / 2;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        write(
            3 * ((top + y) * side + left + x),
            image,
            window.top() + part(y, window.height(), height),
            window.top() + end(y, window.height(), height),
            window.left() + part(x, window.width(), width),
            window.left() + end(x, window.width(), width));
      }
    }
    if (window.extent() == PatchWindow.Extent.WHOLE_IMAGE) {
      int row = (window.centreRow() - window.top()) * height / window.height();
      int column = (window.centreColumn() - window.left()) * width / window.width();
      mark(top, left, height, width, row, column);
    }
  }

  /** First source pixel of a drawn one. */
  private static int part(int index, int from, int to) {
    return (int) ((long) index * from / to);
  }

  private static int end(int index, int from, int to) {
    return Math.max(part(index, from, to) + 1, part(index + 1, from, to));
  }

  private void write(int at, PixelImage image, int top, int bottom, int left, int right) {
    int firstRow = Math.max(0, top);
    int firstColumn = Math.max(0, left);
    int lastRow = Math.min(image.height(), bottom);
    int lastColumn = Math.min(image.width(), right);
    int count = Math.max(0, lastRow - firstRow) * Math.max(0, lastColumn - firstColumn);
    if (count == 0) {
      return;
    }
    for (int colour = 0; colour < 3; colour++) {
      long sum = 0;
      for (int y = firstRow; y < lastRow; y++) {
        for (int x = firstColumn; x < lastColumn; x++) {
          sum += image.rgb()[3 * (y * image.width() + x) + colour] & 0xFF;
        }
      }
      int mean = (int) (sum / count);
      rgb[at + colour] = (byte) ((mean & KEPT_BITS) | (mean >> 6));
    }
  }

  /** A white frame of five pixels in a black one, around the middle of the field. */
  private void mark(int top, int left, int height, int width, int row, int column) {
    for (int y = -3; y <= 3; y++) {
      for (int x = -3; x <= 3; x++) {
        int ring = Math.max(Math.abs(x), Math.abs(y));
        boolean inside = row + y >= 0 && row + y < height && column + x >= 0 && column + x < width;
        if (inside && ring >= 2) {
          int at = 3 * ((top + row + y) * side + left + column + x);
          Arrays.fill(rgb, at, at + 3, ring == 2 ? (byte) 255 : 0);
        }
      }
    }
  }

  /** The sheet as drawn so far. */
  PixelImage pixels() {
    return new PixelImage(side, side, rgb.clone());
  }
}

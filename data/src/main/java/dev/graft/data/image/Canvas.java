package dev.graft.data.image;

import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * A picture in the making: images, areas and words on a ground. Positions are in pixels from the
 * top left. Not thread-safe.
 */
public final class Canvas {
  private static final int FONT = opencv_imgproc.FONT_HERSHEY_DUPLEX;

  /** Height of a capital letter of the font at scale 1, in pixels. */
  private static final double CAPITAL = 21;

  private final int width;
  private final int height;
  private final byte[] rgb;

  /**
   * A canvas of one colour.
   *
   * @param colour red, green and blue as 0xRRGGBB
   */
  public Canvas(int width, int height, int colour) {
    this.width = width;
    this.height = height;
    this.rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
    fill(0, 0, width, height, colour);
  }

  /** Puts an image; what does not fit is left away. */
  public void draw(PixelImage image, int x, int y) {
    int shown = Math.min(image.width(), width - x);
    for (int row = 0; row < Math.min(image.height(), height - y); row++) {
      System.arraycopy(
          image.rgb(), 3 * row * image.width(), rgb, 3 * ((y + row) * width + x), 3 * shown);
    }
  }

  /** Fills a rectangle inside of the canvas. */
  public void fill(int x, int y, int areaWidth, int areaHeight, int colour) {
    for (int row = y; row < y + areaHeight; row++) {
      for (int column = x; column < x + areaWidth; column++) {
        int at = 3 * (row * width + column);
        rgb[at] = (byte) (colour >> 16);
        rgb[at + 1] = (byte) (colour >> 8);
        rgb[at + 2] = (byte) colour;
      }
    }
  }

  /**
   * Writes a line of words.
   *
   * @param text of the characters that {@link #canWrite} knows; others become question marks
   * @param x where it begins
   * @param baseline where its letters stand
   * @param capital height of a capital letter in pixels
   * @param colour 0xRRGGBB
   */
  public void write(String text, int x, int baseline, double capital, int colour) {
    try (BytePointer pixels = new BytePointer(rgb);
        Mat mat = new Mat(height, width, opencv_core.CV_8UC3, pixels);
        Point start = new Point(x, baseline);
        Scalar ink = new Scalar((colour >> 16) & 0xFF, (colour >> 8) & 0xFF, colour & 0xFF, 0)) {
      opencv_imgproc.putText(
          mat, plain(text), start, FONT, capital / CAPITAL, ink, 1, opencv_imgproc.LINE_AA, false);
      pixels.get(rgb);
    }
  }

  /** The width of a line of words in pixels. */
  public static int widthOf(String text, double capital) {
    try (Size size =
        opencv_imgproc.getTextSize(plain(text), FONT, capital / CAPITAL, 1, new int[1])) {
      return size.width();
    }
  }

  /** Whether the font has all characters of a text: those of ASCII. */
  public static boolean canWrite(String text) {
    return text.chars().allMatch(c -> c >= ' ' && c <= '~');
  }

  private static String plain(String text) {
    return text.replaceAll("[^ -~]", "?");
  }

  /** The picture as it stands. */
  public PixelImage image() {
    return new PixelImage(width, height, Arrays.copyOf(rgb, rgb.length));
  }
}

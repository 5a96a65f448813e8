package dev.graft.transfer.doctor;

import dev.graft.data.image.ImageDecoder;
import dev.graft.data.image.ImageDescription;
import dev.graft.data.image.PixelImage;

/**
 * What is measured of one picture without a network.
 *
 * @param grid its grey values
 * @param format of the file, by content
 * @param pixels width times height of the file
 * @param shape natural logarithm of width over height
 * @param density bytes of the file for each pixel
 * @param brightness mean luma, 0 to 255
 * @param contrast standard deviation of the luma
 * @param sharpness logarithm of the variance of the Laplacian of the luma over the luma's own
 * @param colour mean difference of the largest and the smallest of red, green and blue
 * @param border mean luma of the outermost twentieth on each side
 */
record Picture(
    GreyGrid grid,
    String format,
    double pixels,
    double shape,
    double density,
    double brightness,
    double contrast,
    double sharpness,
    double colour,
    double border) {
  /**
   * Decodes and measures.
   *
   * @param leastSide pictures of more pixels are decoded smaller where their format can do that
   *     cheaply, but not below that
   * @throws dev.graft.data.DataException where it is no usable image
   */
  static Picture of(byte[] bytes, String name, int leastSide) {
    ImageDescription file = ImageDecoder.describe(bytes, name);
    PixelImage image = new ImageDecoder().decodeReduced(bytes, name, leastSide);
    int width = image.width();
    int height = image.height();
    float[] luma = new float[width * height];
    byte[] rgb = image.rgb();
    double colour = 0;
    for (int i = 0; i < luma.length; i++) {
      int red = rgb[3 * i] & 0xff;
      int green = rgb[3 * i + 1] & 0xff;
      int blue = rgb[3 * i + 2] & 0xff;
      luma[i] = 0.299f * red + 0.587f * green + 0.114f * blue;
      colour += Math.max(red, Math.max(green, blue)) - Math.min(red, Math.min(green, blue));
    }
    double mean = mean(luma);
    double variance = variance(luma, mean);
    return new Picture(
        GreyGrid.of(image),
        file.format(),
        (double) file.width() * file.height(),
        Math.log((double) file.width() / file.height()),
        bytes.length / ((double) file.width() * file.height()),
        mean,
        Math.sqrt(variance),
        Math.log((laplacian(luma, width, height) + 1e-3) / (variance + 1e-3)),
        colour / luma.length,
        border(luma, width, height));
  }

  /** A number for each format, equal for equal formats. */
  double formatNumber() {
    return switch (format) {
      case "jpeg" -> 0;
      case "png" -> 1;
      case "gif" -> 2;
      case "bmp" -> 3;
      case "webp" -> 4;
      default -> 5;
    };
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double variance(float[] values, double mean) {
    double sum = 0;
    for (float value : values) {
      sum += (value - mean) * (value - mean);
    }
    return sum / values.length;
  }

  /** Variance of 4 p - left - right - above - below over the inner pixels. */
  private static double laplacian(float[] luma, int width, int height) {
    double sum = 0;
    double square = 0;
    long count = 0;
    for (int y = 1; y < height - 1; y++) {
      for (int x = 1; x < width - 1; x++) {
        int at = y * width + x;
        double value =
            4 * luma[at] - luma[at - 1] - luma[at + 1] - luma[at - width] - luma[at + width];
        sum += value;
        square += value * value;
        count++;
      }
    }
    return count == 0 ? 0 : Math.max(0, square / count - (sum / count) * (sum / count));
  }

  private static double border(float[] luma, int width, int height) {
    int across = Math.max(1, width / 20);
    int down = Math.max(1, height / 20);
    double sum = 0;
    long count = 0;
    for (int y = 0; y < height; y++) {
      boolean edgeRow = y < down || y >= height - down;
      for (int x = 0; x < width; x++) {
        if (edgeRow || x < across || x >= width - across) {
          sum += luma[y * width + x];
          count++;
        }
      }
    }
    return sum / count;
  }
}

package dev.graft.transfer.visualisation;

import dev.graft.data.image.PixelImage;

/**
 * One map in colours, from its lowest value (dark) to its highest (light).
 *
 * @param channel which of its block
 * @param lowest its lowest value
 * @param highest its highest value
 * @param pixels a pixel for each place; of large maps, for each square of places its mean
 */
record HeatMap(int channel, float lowest, float highest, PixelImage pixels) {
  private static final int LARGEST_SIDE = 64;

  /** Paints the values of a map, row by row. */
  static HeatMap of(int channel, float[] values, int height, int width) {
    float lowest = Float.POSITIVE_INFINITY;
    float highest = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
    }
    int factor = quotientUp(Math.max(height, width), LARGEST_SIDE);
    int rows = quotientUp(height, factor);
    int columns = quotientUp(width, factor);
    byte[] rgb = new byte[3 * rows * columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        double mean = mean(values, height, width, factor, row, column);
        double share = highest > lowest ? (mean - lowest) / ((double) highest - lowest) : 0;
        HeatPalette.write(share, rgb, 3 * (row * columns + column));
      }
    }
    return new HeatMap(channel, lowest, highest, new PixelImage(columns, rows, rgb));
  }

  private static int quotientUp(int number, int divisor) {
    return -Math.floorDiv(-number, divisor);
  }

  private static double mean(
      float[] values, int height, int width, int factor, int row, int column) {
    double sum = 0;
    int count = 0;
    for (int y = row * factor; y < Math.min(height, (row + 1) * factor); y++) {
      for (int x = column * factor; x < Math.min(width, (column + 1) * factor); x++) {
        sum += values[y * width + x];
        count++;
      }
    }
    return sum / count;
  }
}

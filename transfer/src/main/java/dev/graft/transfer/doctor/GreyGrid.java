package dev.graft.transfer.doctor;

import dev.graft.data.image.PixelImage;

/**
 * A picture's luma (ITU-R BT.601), stretched to {@value #SIDE} x {@value #SIDE} values, to compare
 * pictures place by place. Immutable.
 */
final class GreyGrid {
  static final int SIDE = 24;

  private final float[] values;

  private GreyGrid(float[] values) {
    this.values = values;
  }

  /** Shrinks or enlarges by a triangular filter as wide as the shrinking needs. */
  static GreyGrid of(PixelImage image) {
    int width = image.width();
    int height = image.height();
    byte[] rgb = image.rgb();
    Filter across = new Filter(width);
    Filter down = new Filter(height);
    float[] narrowed = new float[height * SIDE];
    float[] luma = new float[width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = (y * width + x) * 3;
        luma[x] =
            0.299f * (rgb[at] & 0xff)
                + 0.587f * (rgb[at + 1] & 0xff)
                + 0.114f * (rgb[at + 2] & 0xff);
      }
      for (int i = 0; i < SIDE; i++) {
        narrowed[y * SIDE + i] = across.apply(luma, i, 0, 1);
      }
    }
    float[] values = new float[SIDE * SIDE];
    for (int i = 0; i < SIDE; i++) {
      for (int x = 0; x < SIDE; x++) {
        values[i * SIDE + x] = down.apply(narrowed, i, x, SIDE);
      }
    }
    return new GreyGrid(values);
  }

  /** The weights of one axis. */
  private static final class Filter {
    private final int[] first = new int[SIDE];
    private final float[][] weights = new float[SIDE][];

    Filter(int length) {
      double scale = (double) length / SIDE;
      double reach = Math.max(1, scale);
      for (int i = 0; i < SIDE; i++) {
        double centre = (i + 0.5) * scale - 0.5;
        int from = Math.max(0, (int) Math.ceil(centre - reach));
        int to = Math.min(length - 1, (int) Math.floor(centre + reach));
        float[] own = new float[to - from + 1];
        float sum = 0;
        for (int j = from; j <= to; j++) {
          own[j - from] = (float) Math.max(1e-6, 1 - Math.abs(j - centre) / reach);
          sum += own[j - from];
        }
        for (int j = 0; j < own.length; j++) {
          own[j] /= sum;
        }
        first[i] = from;
        weights[i] = own;
      }
    }

    float apply(float[] values, int output, int offset, int stride) {
      float sum = 0;
      float[] own = weights[output];
      int at = offset + first[output] * stride;
      for (float weight : own) {
        sum += weight * values[at];
        at += stride;
      }
      return sum;
    }
  }

  /** The values less their mean, scaled to length 1, so that products are correlations. */
  float[] unit() {
    double sum = 0;
    double square = 0;
    for (float value : values) {
      sum += value;
      square += (double) value * value;
    }
    double mean = sum / values.length;
    double length = Math.sqrt(Math.max(0, square - sum * mean));
    float[] unit = new float[values.length];
    for (int i = 0; i < unit.length; i++) {
      // A picture of one grey is like no other.
      unit[i] = length < SIDE ? 0 : (float) ((values[i] - mean) / length);
    }
    return unit;
  }

  /** The same picture, left and right exchanged. */
  GreyGrid mirrored() {
    float[] other = new float[values.length];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        other[y * SIDE + x] = values[y * SIDE + SIDE - 1 - x];
      }
    }
    return new GreyGrid(other);
  }

  /**
   * Writes the values of a window, stretched to side x side, by bilinear interpolation.
   *
   * @param window left, top, right and bottom margin that are cut off, as shares of the side
   */
  void sample(double[] window, int side, float[] out) {
    double stepX = SIDE * (1 - window[0] - window[2]) / side;
    double stepY = SIDE * (1 - window[1] - window[3]) / side;
    for (int y = 0; y < side; y++) {
      double at = clamp(SIDE * window[1] + (y + 0.5) * stepY - 0.5);
      int row = Math.min(SIDE - 2, (int) at);
      float below = (float) (at - row);
      for (int x = 0; x < side; x++) {
        double along = clamp(SIDE * window[0] + (x + 0.5) * stepX - 0.5);
        int column = Math.min(SIDE - 2, (int) along);
        float right = (float) (along - column);
        int corner = row * SIDE + column;
        float upper = values[corner] + right * (values[corner + 1] - values[corner]);
        float lower =
            values[corner + SIDE] + right * (values[corner + SIDE + 1] - values[corner + SIDE]);
        out[y * side + x] = upper + below * (lower - upper);
      }
    }
  }

  private static double clamp(double position) {
    return Math.max(0, Math.min(SIDE - 1, position));
  }
}

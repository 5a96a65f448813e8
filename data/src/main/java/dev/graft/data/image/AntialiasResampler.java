package dev.graft.data.image;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Separable resampling with a filter that widens when shrinking, equal to ONNX Resize-18 with
 * {@code antialias=1} and {@code coordinate_transformation_mode="half_pixel"} as ONNX Runtime
 * computes it on float input (less than 2e-3 apart on pixels of 0 to 255).
 *
 * <p>Rows are converted to float once and kept in a ring of as many rows as the vertical filter is
 * long. For each row of the result the ring's rows are summed by their weights (long contiguous
 * loops, which the JIT compiler vectorises), then the columns are filtered for the three channels
 * together. Only the rows and columns that the result needs are touched.
 */
final class AntialiasResampler {
  private static final int MAXIMUM_CACHED_WINDOWS = 256;
  private static final Map<Key, Taps> CACHE = new ConcurrentHashMap<>();

  private AntialiasResampler() {}

  /**
   * One axis of a resampling: output samples {@code first} to {@code first + count - 1} of a row of
   * {@code resized} samples made from source samples; output i is centred at {@code start + (i +
   * 0.5) / scale} in the source.
   */
  record Window(
      int size, double start, double scale, int first, int count, int cutStart, int cutEnd) {

    static Window stretched(int size, int resized, int count) {
      return new Window(
          size, 0, (float) resized / (float) size, (resized - count) / 2, count, 0, size);
    }

    static Window scaled(int size, float scale, int count) {
      int resized = resizedSize(size, scale);
      return new Window(size, 0, scale, (resized - count) / 2, count, 0, size);
    }

    /** A region is treated as an image of its own: nothing outside it is mixed in. */
    static Window region(int size, double start, double length, int count) {
      double from = Math.min(start, size - 1.0);
      double to = Math.min(size, Math.max(start + length, from + 1e-3));
      int cutStart = (int) Math.floor(from);
      int cutEnd = Math.min(size, Math.max(cutStart + 1, (int) Math.ceil(to)));
      return new Window(size, from, count / (to - from), 0, count, cutStart, cutEnd);
    }
  }

  private record Key(Window window, Interpolation interpolation) {}

  /**
   * The weights of one axis: output i is the sum over k &lt; length of weights[i * width + k] *
   * source[starts[i] + k].
   */
  static final class Taps {
    private final int[] starts;
    private final float[] weights;
    private final int width;
    private final int lowest;
    private final int highest;

    private Taps(int[] starts, float[] weights, int width, int lowest, int highest) {
      this.starts = starts;
      this.weights = weights;
      this.width = width;
      this.lowest = lowest;
      this.highest = highest;
    }
  }

  static float notSmallerScale(int width, int height, int side) {
    return Math.max((float) side / (float) height, (float) side / (float) width);
  }

  static int resizedSize(int size, float scale) {
    // std::round of a float product; both are positive, so half is rounded up.
    return Math.max(1, (int) Math.floor((double) (scale * size) + 0.5));
  }

  /**
   * Writes rows.count() * columns.count() red values, then as many green, then blue.
   *
   * @param planes 3 * rows.count() * columns.count() values of 0 to 255
   */
  static void resample(
      PixelImage image, Window rows, Window columns, Interpolation interpolation, float[] planes) {
    resample(image, taps(rows, interpolation), taps(columns, interpolation), planes);
  }

  /** The same with the weights of both axes given. */
  static void resample(PixelImage image, Taps vertical, Taps horizontal, float[] planes) {
    int rowCount = vertical.starts.length;
    int columnCount = horizontal.starts.length;
    int firstColumn = horizontal.lowest;
    int rowValues = (horizontal.highest - firstColumn) * 3;
    int ringRows = vertical.width;
    float[] ring = Scratch.rows(ringRows * rowValues);
    float[] sum = Scratch.sum(rowValues);
    int converted = vertical.lowest;
    for (int y = 0; y < rowCount; y++) {
      int start = vertical.starts[y];
      for (converted = Math.max(converted, start); converted < start + ringRows; converted++) {
        int from = (converted * image.width() + firstColumn) * 3;
        convert(image.rgb(), from, ring, (converted % ringRows) * rowValues, rowValues);
      }
      sumRows(ring, ringRows, rowValues, start, vertical.weights, y * ringRows, sum);
      filterColumns(sum, horizontal, firstColumn, planes, y * columnCount, planes.length / 3);
    }
  }

  private static void convert(byte[] in, int inOffset, float[] out, int outOffset, int count) {
    for (int i = 0; i < count; i++) {
      out[outOffset + i] = in[inOffset + i] & 0xff;
    }
  }

  private static void sumRows(
      float[] ring,
      int ringRows,
      int rowValues,
      int start,
      float[] weights,
      int weightOffset,
      float[] sum) {
    multiply(ring, (start % ringRows) * rowValues, weights[weightOffset], sum, rowValues);
    for (int k = 1; k < ringRows; k++) {
      float weight = weights[weightOffset + k];
      if (weight != 0) {
        addMultiplied(ring, ((start + k) % ringRows) * rowValues, weight, sum, rowValues);
      }
    }
  }

  private static void multiply(float[] in, int offset, float weight, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = in[offset + i] * weight;
    }
  }

  private static void addMultiplied(float[] in, int offset, float weight, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] += in[offset + i] * weight;
    }
  }

  private static void filterColumns(
      float[] row, Taps taps, int firstColumn, float[] planes, int offset, int area) {
    int width = taps.width;
    float[] weights = taps.weights;
    int[] starts = taps.starts;
    for (int x = 0; x < starts.length; x++) {
      float red = 0;
      float green = 0;
      float blue = 0;
      int at = (starts[x] - firstColumn) * 3;
      for (int k = x * width, end = k + width; k < end; k++, at += 3) {
        float weight = weights[k];
        red += weight * row[at];
        green += weight * row[at + 1];
        blue += weight * row[at + 2];
      }
      planes[offset + x] = red;
      planes[offset + area + x] = green;
      planes[offset + 2 * area + x] = blue;
    }
  }

  private static Taps taps(Window window, Interpolation interpolation) {
    // Regions are drawn at random and never come back.
    boolean comesBack =
        window.start() == 0 && window.cutStart() == 0 && window.cutEnd() == window.size();
    if (!comesBack) {
      return computeTaps(window, interpolation, -0.5);
    }
    if (CACHE.size() > MAXIMUM_CACHED_WINDOWS) {
      CACHE.clear();
    }
    return CACHE.computeIfAbsent(
        new Key(window, interpolation), key -> computeTaps(window, interpolation, -0.5));
  }

  static Taps computeTaps(Window window, Interpolation interpolation, double cubicCoefficient) {
    double step = 1 / window.scale();
    double widening = Math.max(1, step);
    double support = (interpolation == Interpolation.BILINEAR ? 1 : 2) * widening;
    int width = Math.min(window.cutEnd() - window.cutStart(), (int) Math.ceil(support * 2) + 1);
    int[] starts = new int[window.count()];
    float[] weights = new float[window.count() * width];
    int lowest = Integer.MAX_VALUE;
    int highest = 0;
    for (int i = 0; i < window.count(); i++) {
      double center = center(window, i);
      int from = (int) Math.floor(center - support + 0.5);
      int to = (int) Math.floor(center + support + 0.5);
      int start = Math.max(window.cutStart(), Math.min(from, window.cutEnd() - width));
      starts[i] = start;
      double total = 0;
      for (int j = from; j < to; j++) {
        total += filter((j - center + 0.5) / widening, interpolation, cubicCoefficient);
      }
      for (int j = from; j < to; j++) {
        // What would lie outside the image is given to its edge, as the runtime does.
        int inside = Math.max(window.cutStart(), Math.min(window.cutEnd() - 1, j));
        double weight =
            filter((j - center + 0.5) / widening, interpolation, cubicCoefficient) / total;
        weights[i * width + inside - start] += (float) weight;
      }
      lowest = Math.min(lowest, start);
      highest = Math.max(highest, start + width);
    }
    return new Taps(starts, weights, width, lowest, highest);
  }

  private static double center(Window window, int i) {
    if (window.start() != 0) {
      return window.start() + (window.first() + i + 0.5) / window.scale();
    }
    // The runtime computes this in 32 bits; with wide images the rounding is large enough to be
    // seen in the result.
    float original = (window.first() + i + 0.5f) / (float) window.scale() - 0.5f;
    return original + 0.5f;
  }

  private static double filter(double x, Interpolation interpolation, double a) {
    double t = Math.abs(x);
    if (interpolation == Interpolation.BILINEAR) {
      return t < 1 ? 1 - t : 0;
    }
    if (t < 1) {
      return ((a + 2) * t - (a + 3)) * t * t + 1;
    }
    return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
  }
}

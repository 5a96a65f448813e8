package dev.graft.engine.operator;

import java.util.stream.IntStream;

/**
 * How the elements of one axis are weighed into those of the resized axis (ONNX operators, Resize).
 *
 * @param from length before
 * @param to length after
 * @param scale to / from, or the factor that the graph gives
 * @param coordinates the coordinate_transformation_mode
 * @param mode nearest, linear or cubic
 * @param nearest the nearest_mode
 * @param cubic the coefficient a of cubic interpolation
 * @param excludeOutside whether weights outside of the axis are dropped and the others rescaled
 * @param antialias whether the kernel is widened when the axis gets shorter
 * @param region the part of the axis that is resized, for tf_crop_and_resize
 */
record Interpolation(
    int from,
    int to,
    double scale,
    String coordinates,
    String mode,
    String nearest,
    double cubic,
    boolean excludeOutside,
    boolean antialias,
    Region region) {

  /** 512 MB of weights. */
  private static final long LARGEST_MATRIX = 1 << 26;

  /** A part of an axis; its whole length goes from 0 to 1. */
  record Region(double begin, double end) {}

  static Interpolation of(Call call, int from, int to, double scale, Region region) {
    return new Interpolation(
        from,
        to,
        scale,
        call.node().text("coordinate_transformation_mode", "half_pixel"),
        call.node().text("mode", "nearest"),
        call.node().text("nearest_mode", "round_prefer_floor"),
        call.real("cubic_coeff_a", -0.75),
        call.integer("exclude_outside", 0) == 1,
        call.integer("antialias", 0) == 1,
        region);
  }

  boolean isNearest() {
    return mode.equals("nearest");
  }

  /** The element of the old axis that each element of the new one takes. */
  long[] nearestSources() {
    long[] sources = new long[to];
    for (int output = 0; output < to; output++) {
      sources[output] = inside(nearestTo(position(output)));
    }
    return sources;
  }

  /** The elements of the new axis that lie outside of the old one, where that matters. */
  long[] outside() {
    if (!coordinates.equals("tf_crop_and_resize")) {
      return new long[0];
    }
    return IntStream.range(0, to)
        .filter(output -> position(output) < 0 || position(output) > from - 1)
        .asLongStream()
        .toArray();
  }

  /** The weights [to, from], row-major; each row sums to one. */
  double[] matrix() {
    if ((long) to * from > LARGEST_MATRIX) {
      throw new IllegalArgumentException(
          "an axis of length " + from + " resized to " + to + " is more than can be laid out");
    }
    double[] matrix = new double[to * from];
    for (int output = 0; output < to; output++) {
      spread(matrix, output * from, position(output));
    }
    return matrix;
  }

  /** The place on the old axis that an element of the new one looks at. */
  private double position(int output) {
    return switch (coordinates) {
      case "half_pixel" -> (output + 0.5) / scale - 0.5;
      case "pytorch_half_pixel" -> to > 1 ? (output + 0.5) / scale - 0.5 : 0;
      case "align_corners" -> to == 1 ? 0 : output * (from - 1.0) / (scale * from - 1);
      case "asymmetric" -> output / scale;
      case "half_pixel_symmetric" -> {
        double adjustment = to / (scale * from);
        double center = from / 2.0;
        yield center * (1 - adjustment) + (output + 0.5) / scale - 0.5;
      }
      case "tf_crop_and_resize" -> {
        double start = region.begin() * (from - 1);
        double length = (region.end() - region.begin()) * (from - 1);
        yield to > 1 ? start + output * length / (to - 1) : start + length / 2;
      }
      default ->
          throw new IllegalArgumentException(
              "coordinate_transformation_mode " + coordinates + " is not known");
    };
  }

  private int nearestTo(double exact) {
    double position = snapped(exact);
    return (int)
        switch (nearest) {
          case "floor" -> Math.floor(position);
          case "ceil" -> Math.ceil(position);
          case "round_prefer_ceil" -> Math.floor(position + 0.5);
          default -> Math.ceil(position - 0.5);
        };
  }

  /** Factors in single precision miss the middle between two elements, or one, by a little. */
  private static double snapped(double position) {
    double half = Math.rint(2 * position) / 2;
    return Math.abs(position - half) < 1e-6 * Math.max(1, Math.abs(position)) ? half : position;
  }

  private int inside(int index) {
    return Math.max(0, Math.min(from - 1, index));
  }

  private void spread(double[] matrix, int row, double position) {
    double stretch = antialias && scale < 1 ? 1 / scale : 1;
    double reach = (mode.equals("cubic") ? 2 : 1) * stretch;
    int first = (int) Math.floor(position - reach) + 1;
    int last = (int) Math.ceil(position + reach) - 1;
    double total = 0;
    for (int index = first; index <= last; index++) {
      if (counts(index)) {
        total += kernel((index - position) / stretch);
      }
    }
    for (int index = first; index <= last; index++) {
      if (counts(index)) {
        matrix[row + inside(index)] += kernel((index - position) / stretch) / total;
      }
    }
  }

  /** Elements beyond the ends repeat the last one, or do not count. */
  private boolean counts(int index) {
    return !excludeOutside || inside(index) == index;
  }

  /** Triangle, or the cubic convolution kernel (Keys 1981, equation 15). */
  private double kernel(double distance) {
    double d = Math.abs(distance);
    if (!mode.equals("cubic")) {
      return Math.max(0, 1 - d);
    }
    if (d <= 1) {
      return ((cubic + 2) * d - (cubic + 3)) * d * d + 1;
    }
    return d < 2 ? ((cubic * d - 5 * cubic) * d + 8 * cubic) * d - 4 * cubic : 0;
  }
}

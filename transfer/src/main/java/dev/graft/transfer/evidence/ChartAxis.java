package dev.graft.transfer.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What one axis of a chart counts, and from where to where.
 *
 * @param name written beside it; may be empty
 * @param scale how values become places
 * @param unit written behind each value; may be empty
 * @param low the value at its beginning
 * @param high the value at its end, above {@code low}
 */
record ChartAxis(String name, Scale scale, String unit, double low, double high) {

  /** How values become places. */
  enum Scale {
    /** In proportion. */
    LINEAR,
    /** In proportion, and only whole values are named. */
    WHOLE,
    /** By powers of ten; values are above 0. */
    LOGARITHMIC
  }

  /** An axis that holds all the values, one or more. */
  static ChartAxis of(String name, Scale scale, String unit, List<Double> values) {
    double low = values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    double high = values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    if (low < high) {
      return new ChartAxis(name, scale, unit, low, high);
    }
    // Equal values still need an axis of some length.
    return scale == Scale.LOGARITHMIC
        ? new ChartAxis(name, scale, unit, low / 2, high * 2)
        : new ChartAxis(name, scale, unit, low - 0.5, high + 0.5);
  }

  /** Some room at both ends, though none below 0 where no value is. */
  ChartAxis padded() {
    double margin = 0.06 * (high - low);
    return new ChartAxis(
        name, scale, unit, low >= 0 ? Math.max(0, low - margin) : low - margin, high + margin);
  }

  /** No end beyond these. */
  ChartAxis within(double least, double most) {
    return new ChartAxis(name, scale, unit, Math.max(least, low), Math.min(most, high));
  }

  /** Whether the value has a place. */
  boolean fits(double value) {
    return Double.isFinite(position(value));
  }

  /** Where a value lies: 0 is the beginning, 1 the end. */
  double share(double value) {
    return (position(value) - position(low)) / (position(high) - position(low));
  }

  private double position(double value) {
    return scale == Scale.LOGARITHMIC ? Math.log10(value) : value;
  }

  /** Round values to name. */
  List<Double> ticks(int most) {
    if (scale == Scale.LOGARITHMIC) {
      return decades(most);
    }
    double step = step(high - low, most);
    return multiples(scale == Scale.WHOLE ? Math.max(1, step) : step, low, high);
  }

  /** Values 1, 2 or 5 times a power of ten apart. */
  private static double step(double length, int most) {
    double rough = length / most;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double factor = rough / power;
    return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
  }

  private static List<Double> multiples(double step, double low, double high) {
    List<Double> ticks = new ArrayList<>();
    for (long number = (long) Math.ceil(low / step - 1e-9);
        number * step <= high + 1e-9 * step;
        number++) {
      ticks.add(number * step);
    }
    return ticks;
  }

  /** Powers of ten, or 1, 2 and 5 times these where there are too few of them. */
  private List<Double> decades(int most) {
    double from = Math.log10(low);
    double to = Math.log10(high);
    if (to - from >= 2) {
      return multiples(Math.max(1, step(to - from, most)), from, to).stream()
          .map(power -> Math.pow(10, power))
          .toList();
    }
    List<Double> ticks = new ArrayList<>();
    for (double power = Math.pow(10, Math.floor(from)); power <= high; power *= 10) {
      for (int factor : new int[] {1, 2, 5}) {
        double value = factor * power;
        if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) {
          ticks.add(value);
        }
      }
    }
    return ticks.size() > 1 ? ticks : List.of(low, high);
  }

  /** A short form: 0.0001, 0.25, 250, 1e-05. */
  static String format(double value) {
    double size = Math.abs(value);
    boolean plain = size == 0 || (size >= 0.9999e-4 && size < 1e5);
    if (!plain) {
      return String.format(Locale.ROOT, "%.2e", value).replaceAll("\\.?0+e", "e");
    }
    String text = String.format(Locale.ROOT, size < 0.1 ? "%.6f" : "%.3f", value);
    return text.replaceAll("\\.?0+$", "");
  }
}

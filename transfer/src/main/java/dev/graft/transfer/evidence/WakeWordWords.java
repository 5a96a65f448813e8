package dev.graft.transfer.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What an operating curve says, in words and figures. Stateless, thread-safe. */
public final class WakeWordWords {
  private static final double[] RATES = {0, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30};

  /** Where there was nothing to count in. */
  private static final String NOT_MEASURED = "-";

  private WakeWordWords() {}

  /**
   * For example {@code 1 false accept in 6.10 h (0.16 per hour), 2 of 50 phrases missed (4.0 %, 95
   * % interval 1.1 to 13.5 %)}.
   */
  public static String of(OperatingPoint point) {
    List<String> parts = new ArrayList<>();
    if (point.hours() > 0) {
      parts.add(accepts(point));
    }
    if (point.phrases() > 0) {
      Interval interval = Interval.wilson95(point.missed(), point.phrases());
      parts.add(
          String.format(
              Locale.ROOT,
              "%d of %d phrases missed (%.1f %%, 95 %% interval %.1f to %.1f %%)",
              point.missed(),
              point.phrases(),
              100 * point.falseRejectRate(),
              100 * interval.low(),
              100 * interval.high()));
    }
    return parts.isEmpty() ? "nothing was listened to" : String.join(", ", parts);
  }

  private static String accepts(OperatingPoint point) {
    return point.falseAccepts() == 0
        ? String.format(
            Locale.ROOT,
            "no false accept in %.2f h (so at most %.2f per hour with 95 %% confidence)",
            point.hours(),
            point.boundWithoutFalseAccepts())
        : String.format(
            Locale.ROOT,
            "%d false accept%s in %.2f h (%.2f per hour)",
            point.falseAccepts(),
            point.falseAccepts() == 1 ? "" : "s",
            point.hours(),
            point.falseAcceptsPerHour());
  }

  /** Headings of {@link #rows}. */
  static final List<String> COLUMNS =
      List.of("At most per hour", "Threshold", "False accepts", "Per hour", "Missed", "Share");

  /** For each of some rates the lowest threshold that keeps it, with what it leads to. */
  static List<List<String>> rows(OperatingCurve curve) {
    List<List<String>> rows = new ArrayList<>();
    double last = -1;
    for (double rate : RATES) {
      Optional<OperatingPoint> found = curve.atMost(rate);
      if (found.isEmpty() || found.get().threshold() == last) {
        continue;
      }
      OperatingPoint point = found.get();
      last = point.threshold();
      rows.add(
          List.of(
              String.format(Locale.ROOT, "%.1f", rate),
              threshold(point.threshold()),
              point.hours() == 0 ? NOT_MEASURED : String.valueOf(point.falseAccepts()),
              rate(point),
              point.missed() + " of " + point.phrases(),
              point.phrases() == 0
                  ? NOT_MEASURED
                  : String.format(Locale.ROOT, "%.1f %%", 100 * point.falseRejectRate())));
    }
    return rows;
  }

  private static String rate(OperatingPoint point) {
    if (point.hours() == 0) {
      return NOT_MEASURED;
    }
    return point.falseAccepts() == 0
        ? String.format(Locale.ROOT, "0 (under %.2f)", point.boundWithoutFalseAccepts())
        : String.format(Locale.ROOT, "%.2f", point.falseAcceptsPerHour());
  }

  /** The curve as a table of text, a line for each rate. */
  public static List<String> table(OperatingCurve curve) {
    List<List<String>> rows = new ArrayList<>(List.of(COLUMNS));
    rows.addAll(rows(curve));
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        int place = column;
        int width = rows.stream().mapToInt(any -> any.get(place).length()).max().orElse(0);
        String form = column == 0 ? "%-" + width + "s" : "  %" + width + "s";
        line.append(String.format(Locale.ROOT, form, row.get(column)));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  /** A threshold with as many digits as tell it from 1. */
  public static String threshold(double threshold) {
    double rest = Math.min(threshold, 1 - threshold);
    int digits = rest <= 0 ? 3 : (int) Math.min(16, Math.max(3, 2 - Math.floor(Math.log10(rest))));
    return String.format(Locale.ROOT, "%." + digits + "f", threshold);
  }
}

package dev.graft.transfer.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A chart of one to four curves as inline SVG; values that are no finite numbers are left out. */
final class LineChart {

  private static final int WIDTH = 420;
  private static final int HEIGHT = 240;
  private static final int LEFT = 52;
  private static final int RIGHT = 12;
  private static final int TOP = 30;
  private static final int BOTTOM = 44;

  /** A point; a marked one is drawn larger. */
  record Point(double x, double y, boolean marked) {}

  /** A named curve. */
  record Curve(String name, List<Point> points) {}

  /** What an axis counts: as it is, or by powers of ten. */
  enum Scale {
    LINEAR,
    LOGARITHMIC
  }

  private final String title;
  private final String xName;
  private final Scale xScale;
  private final List<Curve> curves;

  LineChart(String title, String xName, Scale xScale, List<Curve> curves) {
    this.title = title;
    this.xName = xName;
    this.xScale = xScale;
    this.curves =
        curves.stream()
            .map(
                curve ->
                    new Curve(curve.name(), curve.points().stream().filter(this::fits).toList()))
            .toList();
  }

  private boolean fits(Point point) {
    return Double.isFinite(position(point.x())) && Double.isFinite(point.y());
  }

  private double position(double x) {
    return xScale == Scale.LOGARITHMIC ? Math.log10(x) : x;
  }

  /** The chart, or nothing where no curve has two points. */
  String html() {
    if (curves.stream().noneMatch(curve -> curve.points().size() > 1)) {
      return "";
    }
    Range horizontal = Range.of(points().map(point -> position(point.x())).toList());
    Range vertical = Range.of(points().map(Point::y).toList()).padded();
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<figure><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n",
            WIDTH,
            HEIGHT,
            HtmlText.escape(title + ". The table below has the figures.")));
    axes(svg, horizontal, vertical);
    for (int number = 0; number < curves.size(); number++) {
      curve(svg, number, horizontal, vertical);
    }
    return svg.append("</svg><figcaption>")
        .append(HtmlText.escape(title))
        .append("</figcaption></figure>\n")
        .toString();
  }

  private Stream<Point> points() {
    return curves.stream().flatMap(curve -> curve.points().stream());
  }

  private void axes(StringBuilder svg, Range horizontal, Range vertical) {
    for (double tick : vertical.ticks(5)) {
      double y = y(tick, vertical);
      svg.append(
          String.format(
              Locale.ROOT,
              "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/><text x=\"%d\""
                  + " y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
              LEFT,
              WIDTH - RIGHT,
              y,
              y,
              LEFT - 6,
              y + 4,
              format(tick)));
    }
    for (double tick : horizontal.wholeTicks(7)) {
      double value = xScale == Scale.LOGARITHMIC ? Math.pow(10, tick) : tick;
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
              x(tick, horizontal),
              HEIGHT - BOTTOM + 18,
              format(value)));
    }
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
            (LEFT + WIDTH - RIGHT) / 2,
            HEIGHT - 6,
            HtmlText.escape(xName)));
  }

  private void curve(StringBuilder svg, int number, Range horizontal, Range vertical) {
    Curve curve = curves.get(number);
    StringBuilder path = new StringBuilder();
    StringBuilder marks = new StringBuilder();
    for (Point point : curve.points()) {
      double x = x(position(point.x()), horizontal);
      double y = y(point.y(), vertical);
      path.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
      if (point.marked()) {
        marks.append(
            String.format(
                Locale.ROOT,
                "<circle class=\"mark series%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"5\"/>\n",
                number,
                x,
                y));
      }
    }
    svg.append("<polyline class=\"series").append(number).append("\" points=\"");
    svg.append(path.toString().strip()).append("\"/>\n").append(marks);
    int legend = LEFT + number * (WIDTH - LEFT) / curves.size();
    svg.append(
        String.format(
            Locale.ROOT,
            "<line class=\"series%d\" x1=\"%d\" x2=\"%d\" y1=\"14\" y2=\"14\"/><text x=\"%d\""
                + " y=\"18\">%s</text>\n",
            number,
            legend,
            legend + 26,
            legend + 32,
            HtmlText.escape(PlainText.shorten(curve.name(), 24))));
  }

  private static double x(double position, Range range) {
    return LEFT + range.share(position) * (WIDTH - LEFT - RIGHT);
  }

  private static double y(double value, Range range) {
    return HEIGHT - BOTTOM - range.share(value) * (HEIGHT - TOP - BOTTOM);
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

  /** The values between the ends of an axis. */
  private record Range(double low, double high) {

    static Range of(List<Double> values) {
      double low = values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
      double high = values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
      // Equal values still need an axis of some length.
      return low < high ? new Range(low, high) : new Range(low - 0.5, high + 0.5);
    }

    Range padded() {
      double margin = 0.06 * (high - low);
      return new Range(low >= 0 ? Math.max(0, low - margin) : low - margin, high + margin);
    }

    double share(double value) {
      return (value - low) / (high - low);
    }

    /** Round values, 1, 2 or 5 times a power of ten apart. */
    List<Double> ticks(int most) {
      return ticks(step(most));
    }

    /** The same, never less than 1 apart. */
    List<Double> wholeTicks(int most) {
      return ticks(Math.max(1, step(most)));
    }

    private double step(int most) {
      double rough = (high - low) / most;
      double power = Math.pow(10, Math.floor(Math.log10(rough)));
      double factor = rough / power;
      return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
    }

    private List<Double> ticks(double step) {
      List<Double> ticks = new ArrayList<>();
      for (long number = (long) Math.ceil(low / step - 1e-9);
          number * step <= high + 1e-9 * step;
          number++) {
        ticks.add(number * step);
      }
      return ticks;
    }
  }
}

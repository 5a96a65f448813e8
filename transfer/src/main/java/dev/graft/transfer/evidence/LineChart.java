package dev.graft.transfer.evidence;

import dev.graft.transfer.evidence.ChartAxis.Scale;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * A chart of one to four curves, with bands where they have some, as inline SVG; values that are no
 * finite numbers are left out.
 */
final class LineChart {

  private static final int LEGEND_LINE = 26;

  /** A point; a marked one is drawn larger. */
  record Point(double x, double y, boolean marked) {}

  /** Where a value may lie at one place. */
  record Span(double x, double low, double high) {}

  /** A named curve and the band around it, perhaps empty. */
  record Curve(String name, List<Point> points, List<Span> band) {
    Curve(String name, List<Point> points) {
      this(name, points, List.of());
    }
  }

  private final String title;
  private final String xName;
  private final Scale xScale;
  private final String unit;
  private final List<Curve> curves;

  /**
   * @param unit of the curves' values; may be empty
   */
  LineChart(String title, String xName, Scale xScale, String unit, List<Curve> curves) {
    this.title = title;
    this.xName = xName;
    this.xScale = xScale;
    this.unit = unit;
    this.curves =
        curves.stream()
            .map(
                curve ->
                    new Curve(
                        curve.name(),
                        curve.points().stream().filter(this::fits).toList(),
                        curve.band().stream().filter(this::fits).toList()))
            .toList();
  }

  private boolean fits(Point point) {
    return placed(point.x()) && Double.isFinite(point.y());
  }

  private boolean fits(Span span) {
    return placed(span.x()) && Double.isFinite(span.low()) && Double.isFinite(span.high());
  }

  private boolean placed(double x) {
    return Double.isFinite(x) && (xScale != Scale.LOGARITHMIC || x > 0);
  }

  /** The chart, or nothing where no curve has two points. */
  String html() {
    if (curves.stream().noneMatch(curve -> curve.points().size() > 1)) {
      return "";
    }
    ChartAxis horizontal =
        ChartAxis.of(xName, xScale, "", points().map(Point::x).distinct().toList());
    ChartAxis vertical = ChartAxis.of("", Scale.LINEAR, unit, heights()).padded();
    ChartFrame frame =
        ChartFrame.usual(horizontal, unit.equals("%") ? vertical.within(0, 100) : vertical);
    StringBuilder svg = new StringBuilder();
    for (int number = 0; number < curves.size(); number++) {
      band(svg, number, frame);
    }
    for (int number = 0; number < curves.size(); number++) {
      curve(svg, number, frame);
    }
    return frame.html(title, title + ". The table below has the figures.", svg.toString());
  }

  private Stream<Point> points() {
    return curves.stream().flatMap(curve -> curve.points().stream());
  }

  private List<Double> heights() {
    DoubleStream ofBands =
        curves.stream()
            .flatMap(curve -> curve.band().stream())
            .flatMapToDouble(span -> DoubleStream.of(span.low(), span.high()));
    return DoubleStream.concat(points().mapToDouble(Point::y), ofBands).boxed().toList();
  }

  private void band(StringBuilder svg, int number, ChartFrame frame) {
    List<Span> band = curves.get(number).band();
    if (band.size() < 2) {
      return;
    }
    StringBuilder there = new StringBuilder();
    StringBuilder back = new StringBuilder();
    for (Span span : band) {
      there.append(place(frame, span.x(), span.high()));
      back.insert(0, place(frame, span.x(), span.low()));
    }
    svg.append("<polygon class=\"band").append(number).append("\" points=\"");
    svg.append((there + back.toString()).strip()).append("\"/>\n");
  }

  private void curve(StringBuilder svg, int number, ChartFrame frame) {
    Curve curve = curves.get(number);
    StringBuilder path = new StringBuilder();
    StringBuilder marks = new StringBuilder();
    for (Point point : curve.points()) {
      path.append(place(frame, point.x(), point.y()));
      if (point.marked()) {
        marks.append(
            ChartFrame.circle("mark series" + number, frame.x(point.x()), frame.y(point.y()), 5));
      }
    }
    svg.append("<polyline class=\"series").append(number).append("\" points=\"");
    svg.append(path.toString().strip()).append("\"/>\n").append(marks);
    double legend =
        ChartFrame.LEFT + number * (ChartFrame.WIDTH - ChartFrame.LEFT) / (double) curves.size();
    svg.append(ChartFrame.line("series" + number, legend, 14, legend + LEGEND_LINE, 14));
    svg.append(
        ChartFrame.text(
            legend + LEGEND_LINE + 6, 18, "start", PlainText.shorten(curve.name(), 20)));
  }

  private static String place(ChartFrame frame, double x, double y) {
    return String.format(Locale.ROOT, "%.1f,%.1f ", frame.x(x), frame.y(y));
  }
}

package dev.graft.transfer.evidence;

import java.util.Locale;

/**
 * The axes of a chart as inline SVG. Its colours come from the page's style, so that they follow
 * its light or dark scheme.
 *
 * @param horizontal the axis below
 * @param vertical the axis at the left
 * @param height of the whole picture
 * @param bottom room below the axes
 */
record ChartFrame(ChartAxis horizontal, ChartAxis vertical, int height, int bottom) {

  /** Width of the picture; about that of a phone, on which writing then has its own size. */
  static final int WIDTH = 360;

  static final int LEFT = 50;
  private static final int RIGHT = 18;
  private static final int TOP = 30;
  private static final int ROOM_FOR_VALUES = 18;

  /** A picture of the usual form. */
  static ChartFrame usual(ChartAxis horizontal, ChartAxis vertical) {
    return new ChartFrame(horizontal, vertical, 230, 44);
  }

  double x(double value) {
    return LEFT + horizontal.share(value) * (WIDTH - LEFT - RIGHT);
  }

  double y(double value) {
    return floor() - vertical.share(value) * (floor() - TOP);
  }

  /** Where the vertical axis begins. */
  double floor() {
    return height - (double) bottom;
  }

  /**
   * The picture with its axes.
   *
   * @param title below it
   * @param words what it shows, for those who do not see it
   * @param inner what is drawn in it, as SVG
   */
  String html(String title, String words, String inner) {
    return String.format(
            Locale.ROOT,
            "<figure><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n",
            WIDTH,
            height,
            HtmlText.escape(words))
        + axes()
        + inner
        + "</svg><figcaption>"
        + HtmlText.escape(title)
        + "</figcaption></figure>\n";
  }

  private String axes() {
    StringBuilder svg = new StringBuilder();
    for (double tick : vertical.ticks(5)) {
      svg.append(line("grid", x(horizontal.low()), y(tick), x(horizontal.high()), y(tick)));
      svg.append(text(LEFT - 6, y(tick) + 4, "end", ChartAxis.format(tick) + vertical.unit()));
    }
    for (double tick : horizontal.ticks(6)) {
      String value = ChartAxis.format(tick) + horizontal.unit();
      svg.append(text(x(tick), floor() + ROOM_FOR_VALUES, "middle", value));
    }
    double middle = (x(horizontal.low()) + x(horizontal.high())) / 2;
    return svg.append(text(middle, floor() + 2 * ROOM_FOR_VALUES + 2, "middle", horizontal.name()))
        .toString();
  }

  static String line(String style, double x1, double y1, double x2, double y2) {
    return String.format(
        Locale.ROOT,
        "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
        style,
        x1,
        y1,
        x2,
        y2);
  }

  static String circle(String style, double x, double y, double radius) {
    return String.format(
        Locale.ROOT,
        "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>\n",
        style,
        x,
        y,
        radius);
  }

  static String rectangle(String style, double left, double top, double width, double height) {
    return String.format(
        Locale.ROOT,
        "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>\n",
        style,
        left,
        top,
        width,
        height);
  }

  static String text(double x, double y, String anchor, String words) {
    return words.isEmpty()
        ? ""
        : String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
            x,
            y,
            anchor,
            HtmlText.escape(words));
  }
}

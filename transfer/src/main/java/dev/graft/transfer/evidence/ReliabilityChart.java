package dev.graft.transfer.evidence;

import dev.graft.transfer.evidence.CalibrationFindings.Bin;
import dev.graft.transfer.evidence.CalibrationFindings.Reliability;
import dev.graft.transfer.evidence.ChartAxis.Scale;

/**
 * How often predictions of a confidence are right, as inline SVG: a bar for each bin up to its
 * accuracy, a dot at its mean confidence, the line on which both are equal, and below it how many
 * examples each bin has (Guo et al. 2017, figure 1).
 */
final class ReliabilityChart {

  private static final int HEIGHT = 290;
  private static final int STRIP = 36;
  private static final int BELOW_STRIP = 6;
  private static final int BOTTOM = 44 + STRIP + BELOW_STRIP;
  private static final ChartFrame FRAME =
      new ChartFrame(
          new ChartAxis("probability of the predicted class", Scale.LINEAR, "%", 0, 100),
          new ChartAxis("", Scale.LINEAR, "%", 0, 100),
          HEIGHT,
          BOTTOM);

  private ReliabilityChart() {}

  static String of(String title, Reliability reliability) {
    int most = reliability.bins().stream().mapToInt(Bin::examples).max().orElse(0);
    StringBuilder svg = new StringBuilder();
    for (Bin bin : reliability.bins()) {
      if (bin.examples() > 0) {
        bin(svg, bin, most);
      }
    }
    svg.append(ChartFrame.line("ideal", FRAME.x(0), FRAME.y(0), FRAME.x(100), FRAME.y(100)));
    svg.append(ChartFrame.line("ideal", ChartFrame.LEFT, 14, ChartFrame.LEFT + 26.0, 14));
    svg.append(ChartFrame.text(ChartFrame.LEFT + 32.0, 18, "start", "as often right as it says"));
    svg.append(ChartFrame.text(ChartFrame.LEFT - 6.0, HEIGHT - BELOW_STRIP - 2.0, "end", "count"));
    return FRAME.html(
        title,
        title
            + ". Bars show how often predictions of a probability were right, and below how many"
            + " there were. The table has the figures.",
        svg.toString());
  }

  private static void bin(StringBuilder svg, Bin bin, int most) {
    double left = FRAME.x(100 * bin.low()) + 1;
    double width = FRAME.x(100 * bin.high()) - 1 - left;
    double top = FRAME.y(100 * bin.accuracy());
    double count = Math.max(1, (double) STRIP * bin.examples() / most);
    svg.append(ChartFrame.rectangle("fill0", left, top, width, FRAME.floor() - top));
    svg.append(ChartFrame.rectangle("fill2", left, HEIGHT - BELOW_STRIP - count, width, count));
    svg.append(ChartFrame.circle("mark series0", FRAME.x(100 * bin.confidence()), top, 4));
  }
}

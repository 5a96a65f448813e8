package dev.graft.transfer.evidence;

import dev.graft.transfer.evidence.ChartAxis.Scale;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How good a wake word is on running sound, for people: one HTML file that needs no network, no
 * script and no other file.
 */
public final class WakeWordPage {
  private static final double SHOWN_RATE = 20;

  private final String phrase;
  private final String source;
  private final OperatingCurve curve;
  private final double threshold;
  private final Map<String, String> facts;

  private WakeWordPage(
      String phrase,
      String source,
      OperatingCurve curve,
      double threshold,
      Map<String, String> facts) {
    this.phrase = phrase;
    this.source = source;
    this.curve = curve;
    this.threshold = threshold;
    this.facts = new LinkedHashMap<>(facts);
  }

  /**
   * Writes the file, whole or not at all.
   *
   * @param source what was listened to, in a sentence
   * @param threshold that the bundle uses
   * @param facts further figures by their names
   * @throws dev.graft.transfer.TransferException if it cannot be written
   */
  public static void write(
      String phrase,
      String source,
      OperatingCurve curve,
      double threshold,
      Map<String, String> facts,
      Path file) {
    EvidenceFile.write(file, new WakeWordPage(phrase, source, curve, threshold, facts).html());
  }

  private String html() {
    return new HtmlPage("Wake word: " + phrase)
        .section("summary", "Summary", "Summary", summary())
        .section("curve", "Curve", "False accepts against false rejects", curve())
        .section("facts", "Facts", "How it was measured", HtmlText.pairs("Measurement", facts))
        .html();
  }

  private String summary() {
    return HtmlText.paragraph(
            "At its threshold of "
                + WakeWordWords.threshold(threshold)
                + ": "
                + WakeWordWords.of(curve.at(threshold))
                + ".")
        + HtmlText.paragraph(source)
        + HtmlText.paragraph(
            "A false accept is a hit where the phrase was not said; hits that follow each other"
                + " closely are one. Where none occurred in H hours, there may still be up to 3 / H"
                + " per hour (the rule of three, at 95 % confidence): only long streams prove a low"
                + " rate.");
  }

  private String curve() {
    if (curve.points().isEmpty()) {
      return HtmlText.paragraph("Nothing was listened to that is as long as a window.");
    }
    List<LineChart.Point> points = new ArrayList<>();
    OperatingPoint own = curve.at(threshold);
    for (OperatingPoint point : curve.points()) {
      if (point.falseAcceptsPerHour() <= SHOWN_RATE) {
        points.add(
            new LineChart.Point(point.falseAcceptsPerHour(), 100 * point.falseRejectRate(), false));
      }
    }
    List<LineChart.Curve> curves = new ArrayList<>();
    curves.add(new LineChart.Curve("All thresholds", points));
    if (own.falseAcceptsPerHour() <= SHOWN_RATE) {
      LineChart.Point marked =
          new LineChart.Point(own.falseAcceptsPerHour(), 100 * own.falseRejectRate(), true);
      curves.add(new LineChart.Curve("Its threshold", List.of(marked)));
    }
    String chart =
        new LineChart(
                "Missed phrases by false accepts per hour",
                "False accepts per hour",
                Scale.LINEAR,
                "%",
                curves)
            .html();
    HtmlTable table =
        new HtmlTable("The lowest threshold for at most so many false accepts per hour")
            .classed("figures")
            .columns(WakeWordWords.COLUMNS);
    for (List<String> row : WakeWordWords.rows(curve)) {
      table.row(row.get(0), row.stream().skip(1).map(HtmlTable::number).toArray(String[]::new));
    }
    String leftOut =
        String.format(
            Locale.ROOT, "Rates above %.0f per hour are left out of the chart.", SHOWN_RATE);
    return chart + table.html() + (chart.isEmpty() ? "" : HtmlText.paragraph(leftOut));
  }
}

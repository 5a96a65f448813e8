package dev.graft.transfer.evidence;

import dev.graft.transfer.evidence.ChartAxis.Scale;
import dev.graft.transfer.evidence.LineChart.Curve;
import dev.graft.transfer.evidence.LineChart.Point;
import dev.graft.transfer.evidence.LineChart.Span;
import java.util.List;

/** How accuracy grows with the number of examples: words, chart, figures. */
final class ReportLearningCurve {

  private ReportLearningCurve() {}

  static String of(LearningCurve curve, ExampleWords words) {
    if (curve.points().isEmpty()) {
      return HtmlText.paragraph(curve.sentence());
    }
    return HtmlText.paragraph(curve.sentence())
        + chart(curve, words)
        + HtmlText.paragraph(
            "Measured on subsamples of the training "
                + words.many()
                + "; the band is from the lowest to the highest of them. What is expected beyond is"
                + " a fitted curve with its 80 % band, provided that further "
                + words.many()
                + " are like these.")
        + HtmlText.folded("The figures of the curve", table(curve, words));
  }

  private static String chart(LearningCurve curve, ExampleWords words) {
    Curve measured =
        new Curve(
            "measured",
            curve.points().stream()
                .map(each -> new Point(each.examples(), 100 * each.accuracy(), true))
                .toList(),
            curve.points().stream().map(each -> span(each.examples(), each.range())).toList());
    Curve expected =
        new Curve(
            "expected",
            curve.forecasts().stream()
                .map(each -> new Point(each.examples(), 100 * each.accuracy(), false))
                .toList(),
            curve.forecasts().stream().map(each -> span(each.examples(), each.band())).toList());
    return new LineChart(
            "Accuracy on held-out " + words.many() + " by the number of training " + words.many(),
            "training " + words.many(),
            Scale.LOGARITHMIC,
            "%",
            expected.points().isEmpty() ? List.of(measured) : List.of(measured, expected))
        .html();
  }

  private static Span span(int examples, Interval range) {
    return new Span(examples, 100 * range.low(), 100 * range.high());
  }

  private static String table(LearningCurve curve, ExampleWords words) {
    HtmlTable table =
        new HtmlTable("Accuracy by the number of training " + words.many())
            .classed("figures")
            .columns(List.of("Training " + words.many(), "Accuracy", "Band", ""));
    curve
        .points()
        .forEach(each -> row(table, each.examples(), each.accuracy(), each.range(), "measured"));
    curve
        .forecasts()
        .forEach(each -> row(table, each.examples(), each.accuracy(), each.band(), "expected"));
    return table.html();
  }

  private static void row(
      HtmlTable table, int examples, double accuracy, Interval band, String remark) {
    table.row(
        EvidenceWords.count(examples),
        HtmlTable.number(EvidenceWords.percent(accuracy)),
        HtmlTable.number(EvidenceWords.interval(band)),
        HtmlTable.number(remark));
  }
}

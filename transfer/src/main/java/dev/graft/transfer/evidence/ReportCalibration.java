package dev.graft.transfer.evidence;

import dev.graft.transfer.evidence.CalibrationFindings.Bin;
import dev.graft.transfer.evidence.CalibrationFindings.Reliability;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How far the probabilities can be believed: words, diagrams, figures, prediction sets. */
final class ReportCalibration {

  private ReportCalibration() {}

  static String of(CalibrationFindings found, ExampleWords words) {
    StringBuilder inner = new StringBuilder();
    inner
        .append(HtmlText.paragraph(FindingsWords.calibration(found, words)))
        .append(HtmlText.paragraph(FindingsWords.temperature(found, words)))
        .append("<div class=\"charts\">");
    Map<String, Reliability> parts = parts(found, words);
    parts.forEach(
        (name, reliability) ->
            inner.append(
                ReliabilityChart.of(
                    name
                        + ": expected calibration error "
                        + EvidenceWords.percent(reliability.expectedCalibrationError()),
                    reliability)));
    inner.append("</div>\n");
    inner.append(
        HtmlText.paragraph(
            "A bar below the dashed line means that the model was right less often than it said:"
                + " too sure. A bar above it means: more often. Bars of few "
                + words.many()
                + " say little."));
    StringBuilder tables = new StringBuilder();
    parts.forEach((name, reliability) -> tables.append(table(name, reliability, words)));
    inner.append(HtmlText.folded("The figures of each bar", tables.toString()));
    found
        .sets()
        .ifPresent(
            sets ->
                inner
                    .append("<h3>Prediction sets</h3>\n")
                    .append(HtmlText.paragraph(FindingsWords.sets(sets, words))));
    return inner.toString();
  }

  private static Map<String, Reliability> parts(CalibrationFindings found, ExampleWords words) {
    Map<String, Reliability> parts = new LinkedHashMap<>();
    parts.put("Held-out " + words.many() + ", before", found.before());
    parts.put("Held-out " + words.many() + ", after", found.after());
    found.test().ifPresent(test -> parts.put("Test " + words.many(), test));
    return parts;
  }

  private static String table(String name, Reliability reliability, ExampleWords words) {
    HtmlTable table =
        new HtmlTable(name)
            .classed("figures")
            .columns(List.of("Probability", words.manyFirst(), "Mean probability", "Right"));
    for (Bin bin : reliability.bins()) {
      if (bin.examples() > 0) {
        table.row(
            FindingsWords.share(bin.low()) + " to " + FindingsWords.share(bin.high()),
            HtmlTable.number(EvidenceWords.count(bin.examples())),
            HtmlTable.number(EvidenceWords.percent(bin.confidence())),
            HtmlTable.number(EvidenceWords.percent(bin.accuracy())));
      }
    }
    return table.html();
  }
}

package dev.graft.transfer.evidence;

import dev.graft.transfer.evidence.LadderFindings.Rung;
import java.util.List;
import java.util.Locale;

/** How the strategy was chosen: each decision in words, and the figures behind it. */
final class ReportLadder {

  private ReportLadder() {}

  static String of(LadderFindings ladder) {
    StringBuilder inner = new StringBuilder();
    inner.append(
        HtmlText.paragraph(
            "Chosen: “"
                + ladder.chosen()
                + "”. Strategies were tried from the cheapest up, and a dearer one was taken only"
                + " where the same folds proved that it is better."));
    if (!ladder.rungs().isEmpty()) {
      inner.append("<ol>\n");
      for (Rung rung : ladder.rungs()) {
        inner
            .append("<li><span class=\"badge ")
            .append(rung.taken() ? "taken\">taken" : "passed\">not taken")
            .append("</span> ")
            .append(HtmlText.escape(rung.sentence()))
            .append("</li>\n");
      }
      inner.append("</ol>\n");
    }
    if (!ladder.skipped().isEmpty()) {
      inner.append("<ul>\n");
      ladder
          .skipped()
          .forEach(
              reason -> inner.append("<li>").append(HtmlText.escape(reason)).append("</li>\n"));
      inner.append("</ul>\n");
    }
    return inner.append(table(ladder.rungs())).toString();
  }

  private static String table(List<Rung> rungs) {
    if (rungs.isEmpty()) {
      return "";
    }
    HtmlTable table =
        new HtmlTable("On the same folds, calibrated, against the best one above")
            .classed("figures")
            .columns(List.of("Strategy", "Accuracy", "Log loss", "Wins", "Losses", "p"));
    for (Rung rung : rungs) {
      table.row(
          rung.name(),
          HtmlTable.number(EvidenceWords.percent(rung.accuracy())),
          HtmlTable.number(decimal(rung.logLoss())),
          HtmlTable.number(
              rung.against().map(each -> EvidenceWords.count(each.wins())).orElse("–")),
          HtmlTable.number(
              rung.against().map(each -> EvidenceWords.count(each.losses())).orElse("–")),
          HtmlTable.number(rung.against().map(each -> decimal(each.pValue())).orElse("–")));
    }
    return table.html();
  }

  private static String decimal(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3f", value) : "–";
  }
}

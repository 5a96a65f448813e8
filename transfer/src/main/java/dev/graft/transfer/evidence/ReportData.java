package dev.graft.transfer.evidence;

import dev.graft.data.LeftOut;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the model learned from: examples by class and part, and the files that were not used. */
final class ReportData {

  private static final int MOST_LEFT_OUT = 500;

  private ReportData() {}

  static String of(TrainingRecord.Data data) {
    return counts(data) + leftOut(data.leftOut());
  }

  private static String counts(TrainingRecord.Data data) {
    Map<String, Map<String, Integer>> parts = EvidenceJson.parts(data);
    List<String> headings = new ArrayList<>(List.of("Class"));
    parts.keySet().forEach(part -> headings.add(part.equals("train") ? "Training" : capital(part)));
    HtmlTable table =
        new HtmlTable(ExampleWords.of(data.kind()).manyFirst() + " of each class")
            .classed("figures counts")
            .columns(headings);
    int largest =
        parts.values().stream()
            .flatMap(counts -> counts.values().stream())
            .mapToInt(Integer::intValue)
            .max()
            .orElse(0);
    for (String label : data.classes()) {
      table.row(
          label,
          parts.values().stream()
              .map(counts -> cell(counts, label, largest))
              .toArray(String[]::new));
    }
    String[] sums =
        parts.values().stream()
            .map(counts -> HtmlTable.number(EvidenceWords.count(EvidenceWords.total(counts))))
            .toArray(String[]::new);
    return table.row("All classes", sums).html();
  }

  private static String cell(Map<String, Integer> counts, String label, int largest) {
    int count = counts.getOrDefault(label, 0);
    return HtmlTable.cell(
        " class=\"number\"",
        EvidenceWords.count(count) + HtmlText.bar(largest == 0 ? 0 : (double) count / largest));
  }

  private static String capital(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }

  private static String leftOut(List<LeftOut> files) {
    if (files.isEmpty()) {
      return HtmlText.paragraph("Every file was used.");
    }
    HtmlTable table = new HtmlTable("Files that were not used").columns(List.of("File", "Reason"));
    for (LeftOut file : files.subList(0, Math.min(MOST_LEFT_OUT, files.size()))) {
      table.row(file.path(), HtmlTable.words(file.reason()));
    }
    String more =
        files.size() > MOST_LEFT_OUT
            ? HtmlText.paragraph(
                "and " + EvidenceWords.count(files.size() - MOST_LEFT_OUT) + " more.")
            : "";
    String inner = table.html() + more;
    String summary =
        files.size() == 1
            ? "One file was left out"
            : EvidenceWords.count(files.size()) + " files were left out";
    return "<h3>"
        + summary
        + "</h3>\n"
        + (files.size() <= 20 ? inner : HtmlText.folded("Show them", inner));
  }
}

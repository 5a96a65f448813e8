package dev.graft.transfer.evidence;

import java.util.ArrayList;
import java.util.List;

/** The words that the report begins with: what was made, how good it is, and what to do next. */
final class ReportSummary {

  private ReportSummary() {}

  static String of(TrainingRecord record) {
    Evaluation best = EvidenceWords.best(record);
    StringBuilder words = new StringBuilder();
    words
        .append("<p class=\"lead\">")
        .append(HtmlText.escape(EvidenceWords.headline(record)))
        .append("</p>\n")
        .append("<p class=\"wide\">")
        .append(HtmlText.track(best.accuracy(), best.accuracyInterval()))
        .append(
            "<span class=\"ends\" aria-hidden=\"true\"><span>0 %</span><span>100"
                + " %</span></span></p>\n")
        .append(HtmlText.paragraph(EvidenceWords.trained(record)))
        .append(HtmlText.paragraph(EvidenceWords.baseline(best)));
    record.findings().baselines().stream()
        .filter(found -> found.verdict() == Baseline.Verdict.MODEL_IS_BETTER)
        .map(found -> HtmlText.paragraph(FindingsWords.baseline(found, ExampleWords.of(record))))
        .forEach(words::append);
    EvidenceWords.weakest(best).map(HtmlText::paragraph).ifPresent(words::append);
    words.append(trust(record)).append(next(record));
    if (!record.notes().isEmpty()) {
      words.append(
          "<aside aria-label=\"Notes\"><h3>Notes</h3>\n" + list(record.notes()) + "</aside>\n");
    }
    return words.append(ReportEvaluation.overview(record)).toString();
  }

  private static String trust(TrainingRecord record) {
    List<String> cautions = new ArrayList<>(EvidenceWords.cautions(record));
    cautions.addAll(FindingsWords.cautions(record));
    StringBuilder words = new StringBuilder("<h3>Can it be trusted?</h3>\n");
    words.append(HtmlText.paragraph(verdict(record, cautions)));
    if (!cautions.isEmpty()) {
      words.append("<aside aria-label=\"Caution\">" + list(cautions) + "</aside>\n");
    }
    record
        .findings()
        .calibration()
        .map(found -> FindingsWords.calibration(found, ExampleWords.of(record)))
        .filter(sentence -> !cautions.contains(sentence))
        .map(HtmlText::paragraph)
        .ifPresent(words::append);
    return words.toString();
  }

  private static String verdict(TrainingRecord record, List<String> cautions) {
    Evaluation best = EvidenceWords.best(record);
    if (!EvidenceWords.beatsBaseline(best)) {
      return "No: nothing shows that it does better than always giving the same answer.";
    }
    String expectation = EvidenceWords.expectation(best);
    if (!cautions.isEmpty()) {
      return expectation + " Take these figures with care:";
    }
    String odd =
        record.findings().data().filter(DataFindings::isClean).isPresent()
            ? ", and nothing odd was found in the data"
            : "";
    return expectation
        + " These figures can be trusted for "
        + ExampleWords.of(record).many()
        + " like these: those that it was tested on took no part in training"
        + odd
        + ".";
  }

  private static String next(TrainingRecord record) {
    StringBuilder items = new StringBuilder("<h3>What to do next</h3>\n<ol>\n");
    for (FindingsWords.Step step : FindingsWords.steps(record)) {
      items.append("<li>").append(HtmlText.escape(step.sentence()));
      step.section()
          .ifPresent(
              section -> items.append(" <a href=\"#").append(section).append("\">See below</a>."));
      items.append("</li>\n");
    }
    return items.append("</ol>\n").toString();
  }

  private static String list(List<String> sentences) {
    StringBuilder list = new StringBuilder("<ul>\n");
    sentences.forEach(
        sentence -> list.append("<li>").append(HtmlText.escape(sentence)).append("</li>\n"));
    return list.append("</ul>\n").toString();
  }
}

package dev.graft.transfer.evidence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** The tables of one evaluation in the report: each class, and what was taken for what. */
final class ReportEvaluation {

  private static final int MOST_CLASSES_OF_MATRIX = 30;
  private static final int MOST_NAMED_COLUMNS = 6;
  private static final int NARROW_NAME = 3;
  private static final int MOST_PAIRS = 30;

  private final String part;
  private final Evaluation evaluation;
  private final ExampleWords words;

  private ReportEvaluation(String part, Evaluation evaluation, ExampleWords words) {
    this.part = part;
    this.evaluation = evaluation;
    this.words = words;
  }

  /** Both tables; the part's name begins their captions. */
  static String of(String part, Evaluation evaluation, ExampleWords words) {
    ReportEvaluation report = new ReportEvaluation(part, evaluation, words);
    return report.classes() + report.confusions();
  }

  private String classes() {
    HtmlTable table =
        new HtmlTable(part + ": each class, with 95 % intervals")
            .classed("figures")
            .columns(List.of("Class", words.manyFirst(), "Precision", "Recall", "F1"));
    for (ClassEvidence row : evaluation.perClass()) {
      table.row(
          row.label(),
          HtmlTable.number(EvidenceWords.count(row.examples())),
          figure(row.precision(), row.precisionInterval()),
          figure(row.recall(), row.recallInterval()),
          HtmlTable.number(
              row.f1().isPresent() ? EvidenceWords.percent(row.f1().getAsDouble()) : "–"));
    }
    return table.html()
        + String.format(
            Locale.ROOT,
            "<p class=\"small\">Precision: of the %1$s that the model takes for the class, how many"
                + " are of it. Recall: of the %1$s of the class, how many the model finds. F1: the"
                + " harmonic mean of both.</p>\n",
            words.many());
  }

  private static String figure(OptionalDouble value, Interval interval) {
    if (value.isEmpty()) {
      return HtmlTable.number("–");
    }
    return HtmlTable.cell(
        " class=\"number\"",
        EvidenceWords.percent(value.getAsDouble())
            + String.format(
                Locale.ROOT,
                "<span class=\"interval\">%.1f – %.1f</span>",
                100 * interval.low(),
                100 * interval.high())
            + HtmlText.track(value.getAsDouble(), interval));
  }

  private String confusions() {
    return evaluation.perClass().size() <= MOST_CLASSES_OF_MATRIX ? matrix() : pairs();
  }

  private String matrix() {
    int count = evaluation.perClass().size();
    boolean named =
        count <= MOST_NAMED_COLUMNS
            || evaluation.perClass().stream()
                .allMatch(row -> PlainText.width(row.label()) <= NARROW_NAME);
    List<String> headings = new ArrayList<>(List.of("True class"));
    IntStream.range(0, count)
        .mapToObj(label -> named ? label(label) : Integer.toString(label + 1))
        .forEach(headings::add);
    HtmlTable table =
        new HtmlTable(part + ": confusion matrix").classed("matrix").columns(headings);
    for (int actual = 0; actual < count; actual++) {
      int row = actual;
      String[] cells =
          IntStream.range(0, count)
              .mapToObj(predicted -> matrixCell(row, predicted))
              .toArray(String[]::new);
      table.row((named ? "" : (actual + 1) + " ") + label(actual), cells);
    }
    return table.html()
        + "<p class=\"small\">Rows: the true class; columns: the predicted one. The stronger the"
        + " colour, the larger the share of the true class: blue where it was recognised, orange"
        + " where it was not.</p>\n";
  }

  private String matrixCell(int actual, int predicted) {
    int count = evaluation.confusion(actual, predicted);
    int examples = evaluation.perClass().get(actual).examples();
    if (count == 0) {
      return HtmlTable.cell(" class=\"number none\"", "0");
    }
    return HtmlTable.cell(
        String.format(
            Locale.ROOT,
            " class=\"number %s\" style=\"--share:%.3f\"",
            actual == predicted ? "hit" : "miss",
            (double) count / examples),
        EvidenceWords.count(count));
  }

  private String pairs() {
    List<Confusion> all = Confusion.mostFrequent(evaluation);
    if (all.isEmpty()) {
      return HtmlText.paragraph("No class was taken for another.");
    }
    HtmlTable table =
        new HtmlTable(part + ": the most frequent confusions of " + EvidenceWords.count(all.size()))
            .columns(List.of("True class", "Taken for", words.manyFirst(), "Share of the class"));
    for (Confusion confusion : all.subList(0, Math.min(MOST_PAIRS, all.size()))) {
      int examples = evaluation.perClass().get(confusion.actual()).examples();
      table.row(
          label(confusion.actual()),
          HtmlTable.words(label(confusion.predicted())),
          HtmlTable.number(EvidenceWords.count(confusion.count())),
          HtmlTable.number(EvidenceWords.percent((double) confusion.count() / examples)));
    }
    return table.html();
  }

  private String label(int index) {
    return evaluation.perClass().get(index).label();
  }

  /** One row for each evaluation, with the figures over all classes. */
  static String overview(TrainingRecord record) {
    HtmlTable table =
        new HtmlTable("Figures over all classes")
            .classed("figures overview")
            .columns(
                Arrays.asList(
                    "Part",
                    ExampleWords.of(record).manyFirst(),
                    "Accuracy",
                    "Balanced accuracy",
                    "Macro F1",
                    "Log loss"));
    record.test().ifPresent(test -> overview(table, "Test", test));
    overview(table, "Validation", record.validation());
    record
        .findings()
        .baselines()
        .forEach(
            found ->
                overview(
                    table,
                    found.contender().kind().title()
                        + ": "
                        + found.contender().name()
                        + ", "
                        + found.part(),
                    found.evaluation()));
    return table.html();
  }

  private static void overview(HtmlTable table, String part, Evaluation evaluation) {
    table.row(
        part,
        HtmlTable.number(EvidenceWords.count(evaluation.examples())),
        figure(OptionalDouble.of(evaluation.accuracy()), evaluation.accuracyInterval()),
        HtmlTable.number(EvidenceWords.percent(evaluation.balancedAccuracy())),
        HtmlTable.number(EvidenceWords.percent(evaluation.macroF1())),
        HtmlTable.number(String.format(Locale.ROOT, "%.3f", evaluation.logLoss())));
  }
}

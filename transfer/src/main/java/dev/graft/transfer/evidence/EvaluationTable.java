package dev.graft.transfer.evidence;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** An evaluation as plain text. */
final class EvaluationTable {

  private static final int LEAST_COLUMNS = 60;
  private static final int LONGEST_HEADING = 12;
  private static final int MOST_PAIRS = 20;

  private final Evaluation evaluation;
  private final int columns;
  private final StringBuilder text = new StringBuilder();

  private EvaluationTable(Evaluation evaluation, int columns) {
    this.evaluation = evaluation;
    this.columns = Math.max(LEAST_COLUMNS, columns);
  }

  static String of(Evaluation evaluation, int columns) {
    EvaluationTable table = new EvaluationTable(evaluation, columns);
    table.summary();
    table.classes();
    table.confusions();
    return table.text.toString();
  }

  private void summary() {
    Interval interval = evaluation.accuracyInterval();
    line(
        "%d of %d examples right: accuracy %s (95 %% interval %s to %s)",
        evaluation.correct(),
        evaluation.examples(),
        EvidenceWords.percent(evaluation.accuracy()),
        EvidenceWords.percent(interval.low()),
        EvidenceWords.percent(interval.high()));
    line(
        "balanced accuracy %s, macro F1 %s, log loss %.3f",
        EvidenceWords.percent(evaluation.balancedAccuracy()),
        EvidenceWords.percent(evaluation.macroF1()),
        evaluation.logLoss());
  }

  private void classes() {
    boolean intervals = columns >= 80;
    int figure = intervals ? 22 : 9;
    int name = nameColumns(columns - 19 - 2 * (figure + 2));
    line("");
    text.append(PlainText.left("class", name))
        .append(PlainText.right("examples", 10))
        .append("  ")
        .append(PlainText.left("precision", figure + 2))
        .append(PlainText.left("recall", figure + 2))
        .append("F1\n");
    for (ClassEvidence row : evaluation.perClass()) {
      text.append(PlainText.left(PlainText.shorten(row.label(), name), name))
          .append(PlainText.right(Integer.toString(row.examples()), 10))
          .append("  ")
          .append(
              PlainText.left(
                  figure(row.precision(), row.precisionInterval(), intervals), figure + 2))
          .append(PlainText.left(figure(row.recall(), row.recallInterval(), intervals), figure + 2))
          .append(row.f1().isPresent() ? EvidenceWords.percent(row.f1().getAsDouble()) : "-")
          .append('\n');
    }
  }

  private int nameColumns(int available) {
    int longest =
        evaluation.perClass().stream()
            .mapToInt(row -> PlainText.width(PlainText.harmless(row.label())))
            .max()
            .orElseThrow();
    return Math.max(8, Math.min(longest, available));
  }

  private static String figure(OptionalDouble value, Interval interval, boolean withInterval) {
    if (value.isEmpty()) {
      return "-";
    }
    String plain = EvidenceWords.percent(value.getAsDouble());
    return withInterval
        ? String.format(
            Locale.ROOT, "%s (%.1f to %.1f)", plain, 100 * interval.low(), 100 * interval.high())
        : plain;
  }

  private void confusions() {
    line("");
    if (!matrix(label -> PlainText.shorten(label(label), LONGEST_HEADING), label -> "")
        && !matrix(label -> "#" + (label + 1), label -> "#" + (label + 1) + " ")) {
      pairs();
    }
  }

  /** Writes the whole matrix if it fits; says whether it did. */
  private boolean matrix(IntFunction<String> heading, IntFunction<String> rowMark) {
    int count = evaluation.perClass().size();
    if (4 * count > columns) {
      return false;
    }
    List<String> rowNames =
        IntStream.range(0, count)
            .mapToObj(label -> rowMark.apply(label) + PlainText.shorten(label(label), 20))
            .toList();
    int[] widths = IntStream.range(0, count).map(label -> cellWidth(label, heading)).toArray();
    int nameWidth = rowNames.stream().mapToInt(PlainText::width).max().orElseThrow();
    if (nameWidth + IntStream.of(widths).map(width -> width + 2).sum() > columns) {
      return false;
    }
    line("confusion (rows: true class, columns: predicted class)");
    text.append(" ".repeat(nameWidth));
    for (int label = 0; label < count; label++) {
      text.append("  ").append(PlainText.right(heading.apply(label), widths[label]));
    }
    text.append('\n');
    for (int actual = 0; actual < count; actual++) {
      text.append(PlainText.left(rowNames.get(actual), nameWidth));
      for (int predicted = 0; predicted < count; predicted++) {
        String cell = Integer.toString(evaluation.confusion(actual, predicted));
        text.append("  ").append(PlainText.right(cell, widths[predicted]));
      }
      text.append('\n');
    }
    return true;
  }

  private int cellWidth(int predicted, IntFunction<String> heading) {
    int width = PlainText.width(heading.apply(predicted));
    for (int actual = 0; actual < evaluation.perClass().size(); actual++) {
      width = Math.max(width, Integer.toString(evaluation.confusion(actual, predicted)).length());
    }
    return width;
  }

  private void pairs() {
    List<Confusion> confusions = Confusion.mostFrequent(evaluation);
    if (confusions.isEmpty()) {
      line("no class is taken for another");
      return;
    }
    line("most frequent confusions of %d", confusions.size());
    int name = nameColumns((columns - 18) / 2);
    for (Confusion confusion : confusions.subList(0, Math.min(MOST_PAIRS, confusions.size()))) {
      text.append(PlainText.right(Integer.toString(confusion.count()), 6))
          .append("  ")
          .append(PlainText.left(PlainText.shorten(label(confusion.actual()), name), name))
          .append(" as ")
          .append(PlainText.shorten(label(confusion.predicted()), name))
          .append('\n');
    }
  }

  private String label(int index) {
    return evaluation.perClass().get(index).label();
  }

  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}

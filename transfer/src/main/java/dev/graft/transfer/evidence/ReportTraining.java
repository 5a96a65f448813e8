package dev.graft.transfer.evidence;

import dev.graft.transfer.evidence.ChartAxis.Scale;
import dev.graft.transfer.evidence.LineChart.Curve;
import dev.graft.transfer.evidence.LineChart.Point;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** How the training went: the regularisation strengths tried and the curve by epoch. */
final class ReportTraining {

  private final TrainingRecord record;

  private ReportTraining(TrainingRecord record) {
    this.record = record;
  }

  static String of(TrainingRecord record) {
    ReportTraining report = new ReportTraining(record);
    return HtmlText.paragraph(EvidenceWords.making(record))
        + report.candidates()
        + report.history();
  }

  private String candidates() {
    if (record.candidates().isEmpty()) {
      return "";
    }
    HtmlTable table =
        new HtmlTable("Regularisation strengths that were tried")
            .columns(List.of("Strength", "Validation log loss", "Validation accuracy", ""));
    for (TrainingRecord.Candidate candidate : record.candidates()) {
      table.row(
          ChartAxis.format(candidate.strength()),
          figure(candidate.logLoss()),
          percent(candidate.accuracy()),
          HtmlTable.words(candidate.chosen() ? "chosen" : ""));
    }
    List<Point> points =
        record.candidates().stream()
            .sorted(Comparator.comparingDouble(TrainingRecord.Candidate::strength))
            .map(each -> new Point(each.strength(), each.logLoss(), each.chosen()))
            .toList();
    LineChart chart =
        new LineChart(
            "Validation log loss by regularisation strength; the chosen one is marked",
            "strength",
            Scale.LOGARITHMIC,
            "",
            List.of(new Curve("validation", points)));
    return "<h3>Strength of the head's regularisation</h3>\n" + chart.html() + table.html();
  }

  private String history() {
    if (record.history().isEmpty()) {
      return "";
    }
    HtmlTable table =
        new HtmlTable("Loss and accuracy by epoch")
            .columns(
                List.of("Epoch", "Training loss", "Validation loss", "Validation accuracy", ""));
    for (TrainingRecord.Epoch epoch : record.history()) {
      table.row(
          Integer.toString(epoch.number()),
          figure(epoch.trainingLoss()),
          figure(epoch.validationLoss()),
          percent(epoch.validationAccuracy()),
          HtmlTable.words(epoch.best() ? "best" : ""));
    }
    LineChart loss =
        new LineChart(
            "Loss by epoch; the epoch that was kept is marked",
            "epoch",
            Scale.WHOLE,
            "",
            List.of(
                curve("validation", TrainingRecord.Epoch::validationLoss),
                curve("training", TrainingRecord.Epoch::trainingLoss)));
    LineChart accuracy =
        new LineChart(
            "Validation accuracy by epoch",
            "epoch",
            Scale.WHOLE,
            "%",
            List.of(curve("accuracy", epoch -> 100 * epoch.validationAccuracy())));
    return "<h3>Training of the unfrozen layers</h3>\n<div class=\"charts\">"
        + loss.html()
        + accuracy.html()
        + "</div>\n"
        + HtmlText.folded("The figures of each epoch", table.html());
  }

  private Curve curve(String name, ToDoubleFunction<TrainingRecord.Epoch> value) {
    return new Curve(
        name,
        record.history().stream()
            .map(epoch -> new Point(epoch.number(), value.applyAsDouble(epoch), epoch.best()))
            .toList());
  }

  private static String figure(double value) {
    return HtmlTable.number(
        Double.isFinite(value) ? String.format(Locale.ROOT, "%.4f", value) : "–");
  }

  private static String percent(double value) {
    return HtmlTable.number(Double.isFinite(value) ? EvidenceWords.percent(value) : "–");
  }
}

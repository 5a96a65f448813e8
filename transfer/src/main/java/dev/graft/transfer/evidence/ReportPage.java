package dev.graft.transfer.evidence;

import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The evidence for people: one HTML file that needs no network, no script and no other file.
 *
 * <p>The words come first, the figures after them, and the time-dependent values (when the run
 * finished and how long it took) stand in the last section. Names from outside are shown as text.
 */
public final class ReportPage {

  private final TrainingRecord record;

  private ReportPage(TrainingRecord record) {
    this.record = record;
  }

  /**
   * Writes the file, whole or not at all.
   *
   * @throws dev.graft.transfer.TransferException if it cannot be written
   */
  public static void write(TrainingRecord record, Path file) {
    EvidenceFile.write(file, new ReportPage(record).html());
  }

  private String html() {
    HtmlPage page = new HtmlPage("Training report: " + record.data().name());
    page.section("summary", "Summary", "Summary", summary());
    record.test().ifPresent(test -> page.section("test", "Test", "On the test images", test(test)));
    return page.section("validation", "Validation", "On the validation images", validation())
        .section("training", "Training", "How it was trained", ReportTraining.of(record))
        .section("data", "Data", "The data", ReportData.of(record.data()))
        .section("settings", "Settings", "Settings", settings())
        .section("provenance", "Provenance", "Where it comes from", provenance())
        .html();
  }

  private String summary() {
    Evaluation best = EvidenceWords.best(record);
    StringBuilder words = new StringBuilder();
    words
        .append("<p class=\"lead\">")
        .append(HtmlText.escape(EvidenceWords.headline(record)))
        .append("</p>\n")
        .append("<p class=\"wide\">")
        .append(HtmlText.track(best.accuracy(), best.accuracyInterval()))
        .append(
            "<span class=\"ends\" aria-hidden=\"true\"><span>0 %</span><span>100 %</span></span></p>\n")
        .append(HtmlText.paragraph(EvidenceWords.baseline(best)));
    EvidenceWords.weakest(best).map(HtmlText::paragraph).ifPresent(words::append);
    words.append(remarks("Caution", EvidenceWords.cautions(record)));
    words.append(remarks("Notes", record.notes()));
    words.append(ReportEvaluation.overview(record));
    return words.toString();
  }

  private static String remarks(String heading, List<String> remarks) {
    if (remarks.isEmpty()) {
      return "";
    }
    StringBuilder list =
        new StringBuilder("<aside aria-label=\"" + heading + "\"><h3>" + heading + "</h3>\n<ul>\n");
    remarks.forEach(
        remark -> list.append("<li>").append(HtmlText.escape(remark)).append("</li>\n"));
    return list.append("</ul></aside>\n").toString();
  }

  private static String test(Evaluation test) {
    return HtmlText.paragraph("Nothing was trained on these images and nothing was chosen by them.")
        + ReportEvaluation.of("Test", test);
  }

  private String validation() {
    return HtmlText.paragraph("How they were chosen: " + record.validationMethod() + ".")
        + ReportEvaluation.of("Validation", record.validation());
  }

  private String settings() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("strategy", record.strategy());
    values.put("head", record.head());
    values.put("precision", record.precision());
    values.put("seed", Long.toString(record.seed()));
    values.putAll(record.settings());
    return HtmlText.pairs("Settings of this run", values);
  }

  private String provenance() {
    TrainingRecord.Source backbone = record.backbone();
    Map<String, String> source = new LinkedHashMap<>();
    source.put("file", backbone.id());
    source.put("SHA-256", backbone.sha256());
    source.put("licence", backbone.licence().orElse("unknown"));
    source.put("input", backbone.inputShape());
    source.put(
        "features", EvidenceWords.count(backbone.features()) + " at " + backbone.featureTensor());
    source.put("taken off", backbone.removedHead());
    source.put("parameters", EvidenceWords.count(backbone.parameters()));
    source.put("multiply-adds an image", EvidenceWords.count(backbone.multiplyAdds()));
    source.put(
        "trained blocks",
        backbone.trainedBlocks().isEmpty() ? "none" : String.join(", ", backbone.trainedBlocks()));
    Map<String, String> run = new LinkedHashMap<>();
    run.put("data", record.data().name());
    run.put("data hash", record.data().hash());
    run.putAll(record.environment());
    Map<String, String> time = new LinkedHashMap<>();
    time.put(
        "finished",
        DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC).format(record.finished())
            + " "
            + record.finished().atZone(ZoneOffset.UTC).toLocalTime().truncatedTo(ChronoUnit.SECONDS)
            + " UTC");
    record.seconds().forEach((phase, seconds) -> time.put(phase, seconds(seconds)));
    time.put("in all", seconds(record.totalSeconds()));
    return HtmlText.pairs("The backbone", source)
        + HtmlText.pairs("The run", run)
        + HtmlText.pairs("Time", time);
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.1f s", seconds);
  }
}

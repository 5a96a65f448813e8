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
 * finished and how long it took) stand in the last section. Names from outside are shown as text,
 * and the page's own content security policy forbids everything but its style.
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
    String title = "Training report: " + record.data().name();
    return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="referrer" content="no-referrer">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        """
        + "<title>"
        + HtmlText.escape(title)
        + "</title>\n<style>\n"
        + ReportStyle.CSS
        + "</style>\n</head>\n<body>\n<header>\n<h1>"
        + HtmlText.escape(title)
        + "</h1>\n"
        + navigation()
        + "</header>\n<main>\n"
        + summary()
        + record.test().map(this::test).orElse("")
        + validation()
        + HtmlText.section("training", "How it was trained", ReportTraining.of(record))
        + HtmlText.section("data", "The data", ReportData.of(record.data()))
        + HtmlText.section("settings", "Settings", settings())
        + HtmlText.section("provenance", "Where it comes from", provenance())
        + "</main>\n</body>\n</html>\n";
  }

  private String navigation() {
    Map<String, String> sections = new LinkedHashMap<>();
    sections.put("summary", "Summary");
    if (record.test().isPresent()) {
      sections.put("test", "Test");
    }
    sections.put("validation", "Validation");
    sections.put("training", "Training");
    sections.put("data", "Data");
    sections.put("settings", "Settings");
    sections.put("provenance", "Provenance");
    StringBuilder links = new StringBuilder("<nav aria-label=\"Sections\"><ul>\n");
    sections.forEach(
        (id, name) ->
            links
                .append("<li><a href=\"#")
                .append(id)
                .append("\">")
                .append(name)
                .append("</a></li>\n"));
    return links.append("</ul></nav>\n").toString();
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
    return HtmlText.section("summary", "Summary", words.toString());
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

  private String test(Evaluation test) {
    return HtmlText.section(
        "test",
        "On the test images",
        HtmlText.paragraph("Nothing was trained on these images and nothing was chosen by them.")
            + ReportEvaluation.of("Test", test));
  }

  private String validation() {
    return HtmlText.section(
        "validation",
        "On the validation images",
        HtmlText.paragraph("How they were chosen: " + record.validationMethod() + ".")
            + ReportEvaluation.of("Validation", record.validation()));
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

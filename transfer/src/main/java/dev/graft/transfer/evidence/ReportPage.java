package dev.graft.transfer.evidence;

import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
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
  private final ExampleWords words;

  private ReportPage(TrainingRecord record) {
    this.record = record;
    this.words = ExampleWords.of(record);
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
    HtmlPage page = new HtmlPage("Training report: " + EvidenceWords.dataName(record));
    if (!record.findings().explained().isEmpty()) {
      page.style(ColouredText.STYLE);
    }
    page.section("summary", "Summary", "Summary", ReportSummary.of(record));
    record
        .test()
        .ifPresent(test -> page.section("test", "Test", "On the test " + words.many(), test(test)));
    page.section("validation", "Validation", "On the validation " + words.many(), validation());
    findings(page);
    return page.section("training", "Training", "How it was trained", ReportTraining.of(record))
        .section("data", "Data", "The data", ReportData.of(record.data()))
        .section("settings", "Settings", "Settings", settings())
        .section("provenance", "Provenance", "Where it comes from", provenance())
        .html();
  }

  /** A section for each part that was looked for. */
  private void findings(HtmlPage page) {
    Findings findings = record.findings();
    ExamplePictures pictures = new ExamplePictures(findings, words);
    findings
        .calibration()
        .ifPresent(
            found ->
                page.section(
                    "calibration",
                    "Calibration",
                    "How far its probabilities can be believed",
                    ReportCalibration.of(found, words)));
    findings
        .learningCurve()
        .ifPresent(
            curve ->
                page.section(
                    "curve",
                    "Learning curve",
                    "Whether more " + words.many() + " would help",
                    ReportLearningCurve.of(curve, words)));
    findings
        .ladder()
        .ifPresent(
            ladder ->
                page.section(
                    "ladder", "Strategy", "How the strategy was chosen", ReportLadder.of(ladder)));
    ReportExplained explained = new ReportExplained(findings.explained());
    if (!findings.mistakes().isEmpty()) {
      page.section(
          "mistakes",
          "Mistakes",
          "The surest mistakes",
          ReportMistakes.of(findings.mistakes(), pictures, explained, words));
    }
    if (explained.hasRight()) {
      page.section("right", "Right answers", "Right, and sure of it", explained.rightOnes());
    }
    findings
        .data()
        .ifPresent(
            data ->
                page.section(
                    "doctor",
                    "Data doctor",
                    "What is odd about the data",
                    ReportDoctor.of(data, pictures, words)));
  }

  private String test(Evaluation test) {
    return HtmlText.paragraph(
            "Nothing was trained on these " + words.many() + " and nothing was chosen by them.")
        + ReportEvaluation.of("Test", test, words);
  }

  private String validation() {
    return HtmlText.paragraph("How they were chosen: " + record.validationMethod() + ".")
        + ReportEvaluation.of("Validation", record.validation(), words);
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
    source.put("multiply-adds " + words.anyOne(), EvidenceWords.count(backbone.multiplyAdds()));
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
    record
        .findings()
        .ladder()
        .ifPresent(
            ladder ->
                ladder
                    .rungs()
                    .forEach(rung -> time.put("trying " + rung.name(), seconds(rung.seconds()))));
    return HtmlText.pairs("The backbone", source)
        + HtmlText.pairs("The run", run)
        + HtmlText.pairs("Time", time);
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.1f s", seconds);
  }
}

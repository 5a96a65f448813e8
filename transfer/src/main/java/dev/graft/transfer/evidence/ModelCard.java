package dev.graft.transfer.evidence;

import dev.graft.runtime.BundleLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * The model card: a Markdown file for people, whose YAML front matter model hubs read. Nothing in
 * it depends on the time, so two runs of the same training write the same card.
 */
public final class ModelCard {

  private static final int MOST_CLASSES = 50;

  private final TrainingRecord record;
  private final ExampleWords words;
  private final Evaluation best;
  private final StringBuilder text = new StringBuilder();

  private ModelCard(TrainingRecord record) {
    this.record = record;
    this.words = ExampleWords.of(record);
    this.best = EvidenceWords.best(record);
  }

  /**
   * Writes the file, whole or not at all.
   *
   * @throws dev.graft.transfer.TransferException if it cannot be written
   */
  public static void write(TrainingRecord record, Path file) {
    ModelCard card = new ModelCard(record);
    card.text.append(FrontMatter.of(record));
    card.whatItIs();
    card.howGood();
    card.howMade();
    card.howToUse();
    card.limitations();
    EvidenceFile.write(file, card.text.toString());
  }

  private void whatItIs() {
    List<String> classes = record.data().classes();
    heading("# " + words.classifier() + " classifier: " + escape(EvidenceWords.dataName(record)));
    paragraph(
        "Tells "
            + EvidenceWords.count(classes.size())
            + " classes of "
            + words.many()
            + " apart. Made by Graft, transfer learning for the JVM; the model is one ONNX file"
            + " that takes "
            + words.rawInput()
            + " and gives probabilities.");
    heading("## Classes");
    Map<String, Map<String, Integer>> parts = EvidenceJson.parts(record.data());
    line("| class |" + each(parts.keySet(), name -> " " + name + " " + words.many() + " |"));
    line("|---|" + each(parts.keySet(), name -> "---:|"));
    for (String label : classes.subList(0, Math.min(MOST_CLASSES, classes.size()))) {
      line(
          "| "
              + escape(label)
              + " |"
              + each(parts.values(), counts -> " " + counts.getOrDefault(label, 0) + " |"));
    }
    if (classes.size() > MOST_CLASSES) {
      paragraph(
          "and "
              + (classes.size() - MOST_CLASSES)
              + " more; "
              + code(BundleLayout.CONFIG)
              + " lists all of them.");
    }
  }

  private static <T> String each(Iterable<T> values, Function<T, String> cell) {
    StringBuilder row = new StringBuilder();
    values.forEach(value -> row.append(cell.apply(value)));
    return row.toString();
  }

  private void howGood() {
    heading("## How good it is");
    paragraph(escape(EvidenceWords.headline(record)));
    paragraph(escape(EvidenceWords.baseline(best)));
    record.findings().baselines().stream()
        .filter(found -> found.verdict() == Baseline.Verdict.MODEL_IS_BETTER)
        .forEach(found -> paragraph(escape(FindingsWords.baseline(found, words))));
    EvidenceWords.weakest(best).ifPresent(sentence -> paragraph(escape(sentence)));
    List<String> cautions = new ArrayList<>(EvidenceWords.cautions(record));
    cautions.addAll(FindingsWords.cautions(record));
    findings(cautions);
    cautions.forEach(caution -> paragraph("> **Caution.** " + escape(caution)));
    line(
        "| | "
            + words.many()
            + " | accuracy | 95 % interval | balanced accuracy | macro F1 | log loss |");
    line("|---|---:|---:|---|---:|---:|---:|");
    record.test().ifPresent(test -> figures("test", test));
    figures("validation", record.validation());
    paragraph(
        "Validation: "
            + escape(record.validationMethod())
            + ". The figures of each class and the confusion matrix are in "
            + code(BundleLayout.REPORT)
            + " and "
            + code(BundleLayout.METRICS)
            + ".");
  }

  /** In short what the report tells at length. */
  private void findings(List<String> cautions) {
    Findings found = record.findings();
    found
        .calibration()
        .map(calibration -> FindingsWords.calibration(calibration, words))
        .filter(sentence -> !cautions.contains(sentence))
        .ifPresent(sentence -> paragraph(escape(sentence)));
    found
        .calibration()
        .flatMap(CalibrationFindings::sets)
        .ifPresent(sets -> paragraph(escape(FindingsWords.sets(sets, words))));
    found.learningCurve().ifPresent(curve -> paragraph(escape(curve.sentence())));
  }

  private void figures(String part, Evaluation evaluation) {
    line(
        "| "
            + String.join(
                " | ",
                part,
                EvidenceWords.count(evaluation.examples()),
                EvidenceWords.percent(evaluation.accuracy()),
                EvidenceWords.interval(evaluation.accuracyInterval()),
                EvidenceWords.percent(evaluation.balancedAccuracy()),
                EvidenceWords.percent(evaluation.macroF1()),
                String.format(Locale.ROOT, "%.3f", evaluation.logLoss()))
            + " |");
  }

  private void howMade() {
    TrainingRecord.Source backbone = record.backbone();
    heading("## How it was made");
    paragraph(escape(EvidenceWords.making(record)));
    line("| | |");
    line("|---|---|");
    row("backbone", escape(backbone.id()));
    row("its SHA-256", code(backbone.sha256()));
    row("its licence", escape(backbone.licence().orElse("unknown")));
    row("input of the backbone", escape(backbone.inputShape()));
    row(
        "features",
        EvidenceWords.count(backbone.features()) + ", read at " + code(backbone.featureTensor()));
    row("parameters of the trunk", EvidenceWords.count(backbone.parameters()));
    row("multiply-adds " + words.anyOne(), EvidenceWords.count(backbone.multiplyAdds()));
    row("strategy", escape(record.strategy()));
    row("head", escape(record.head()));
    row("precision", escape(record.precision()));
    row("seed", Long.toString(record.seed()));
    row("data", escape(EvidenceWords.dataName(record)) + ", hash " + code(record.data().hash()));
    paragraph(
        "All settings, versions and the command are in " + code(BundleLayout.PROVENANCE) + ".");
  }

  private void row(String name, String value) {
    line("| " + name + " | " + value + " |");
  }

  private void howToUse() {
    heading("## How to use it");
    text.append(ModelUsage.of(words.kind()));
  }

  private void limitations() {
    heading("## Limitations");
    line(
        "- It always answers with one of its "
            + EvidenceWords.count(record.data().classes().size())
            + " classes, also for "
            + words.anyOne()
            + " of something else.");
    line(
        "- The figures hold for "
            + words.many()
            + " like those it was tested on: other "
            + words.otherSources()
            + " can be much harder.");
    line(
        "- Probabilities are estimates. Before a threshold is built on them, check them on "
            + words.many()
            + " of your own.");
    line(
        "- It inherits whatever the backbone learned from its own data, and that backbone's"
            + " licence.");
    int leftOut = record.data().leftOut().size();
    if (leftOut > 0) {
      line(
          "- "
              + EvidenceWords.count(leftOut)
              + (leftOut == 1 ? " file of the data was" : " files of the data were")
              + " left out; see "
              + code(BundleLayout.REPORT)
              + " for the reasons.");
    }
    record.notes().forEach(note -> line("- " + escape(note)));
  }

  private void heading(String markdown) {
    paragraph(markdown);
  }

  private void paragraph(String markdown) {
    // A table or list before it needs an empty line to end.
    if (text.charAt(text.length() - 2) != '\n') {
      text.append('\n');
    }
    text.append(markdown).append("\n\n");
  }

  private void line(String markdown) {
    text.append(markdown).append('\n');
  }

  private static String escape(String words) {
    return MarkdownText.escape(words);
  }

  private static String code(String words) {
    return MarkdownText.code(words);
  }
}

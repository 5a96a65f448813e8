package dev.graft.transfer.evidence;

import dev.graft.data.DatasetKind;
import dev.graft.transfer.evidence.PretrainingRecord.Epoch;
import java.util.Locale;
import java.util.Map;

/**
 * The model card of a backbone that Graft has pre-trained: Markdown for people, with the YAML front
 * matter that model hubs read.
 */
public final class BackboneCard {
  private static final int EPOCHS_SHOWN = 12;

  private final PretrainingRecord record;
  private final ExampleWords words;
  private final StringBuilder text = new StringBuilder();

  private BackboneCard(PretrainingRecord record) {
    this.record = record;
    this.words = ExampleWords.of(record);
  }

  /** The text of the card. */
  public static String text(PretrainingRecord record) {
    BackboneCard card = new BackboneCard(record);
    card.text.append(FrontMatter.of(record));
    card.whatItIs();
    card.howGood();
    card.howMade();
    card.howToUse();
    card.limitations();
    return card.text.toString();
  }

  private void whatItIs() {
    paragraph("# " + words.classifier() + " backbone: " + MarkdownText.escape(record.id()));
    paragraph(
        "A network that has learned to tell "
            + EvidenceWords.count(record.data().classes().size())
            + " classes of "
            + words.many()
            + " apart, from fresh weights, to be transferred to other tasks: "
            + MarkdownText.escape(record.architecture())
            + " It gives "
            + EvidenceWords.count(record.features())
            + " features of "
            + words.anyOne()
            + ".");
    line("| | |");
    line("|---|---|");
    row("weights", EvidenceWords.count(record.parameters()) + ", " + record.storage());
    row("multiply-adds " + words.anyOne(), EvidenceWords.count(record.multiplyAdds()));
    row("asks for " + words.many() + " of", asked());
    if (record.vocabulary().isPresent()) {
      row("knows", EvidenceWords.count(record.vocabulary().getAsInt()) + " pieces of words");
    } else {
      row(
          "new heads read",
          "the " + record.pooling().orElse("mean").replace('_', ' ') + " of its maps");
    }
    row("licence", MarkdownText.escape(record.licence().orElse("not stated")));
  }

  private void howGood() {
    paragraph("## How good it is");
    Evaluation validation = record.validation();
    paragraph(
        "On the source task, the file as it is stored, with "
            + evaluated()
            + ": **"
            + EvidenceWords.percent(validation.accuracy())
            + " top-1** (95 % interval "
            + EvidenceWords.interval(validation.accuracyInterval())
            + ") of "
            + EvidenceWords.count(validation.examples())
            + " "
            + words.many()
            + " ("
            + MarkdownText.escape(record.validationMethod())
            + "); nothing was trained or stopped by them. What it is worth for another task is what"
            + " `graft train` says there; compare with `--weights fresh`.");
    paragraph(judged());
    line(
        "| epoch | "
            + words.kind().sizeUnit()
            + " | training loss | validation loss | validation accuracy |");
    line("|---:|---:|---:|---:|---:|");
    int count = record.history().size();
    int every = Math.max(1, (count + EPOCHS_SHOWN - 1) / EPOCHS_SHOWN);
    for (Epoch epoch : record.history()) {
      if (epoch.number() % every == 0 || epoch.number() == count) {
        line(
            String.format(
                Locale.ROOT,
                "| %d | %d | %.3f | %.3f | %s |",
                epoch.number(),
                epoch.side(),
                epoch.trainingLoss(),
                epoch.validationLoss(),
                EvidenceWords.percent(epoch.validationAccuracy())));
      }
    }
  }

  private String asked() {
    return (words.kind() == DatasetKind.TEXT ? "up to " : "")
        + words.size(record.inputSize())
        + (isOfImages() ? " (`--input-size` takes another)" : "");
  }

  private String evaluated() {
    String shown =
        switch (words.kind()) {
          case IMAGE -> "whole images of ";
          case AUDIO -> "windows of ";
          case TEXT -> "texts of up to ";
        };
    return shown + words.size(record.evaluatedSize());
  }

  private String judged() {
    return isOfImages()
        ? "During training it was judged by whole images of the last side of training. Random crops"
            + " show things larger, so that whole images are known best at a larger side (Touvron"
            + " et al. 2019, \"Fixing the train-test resolution discrepancy\"):"
        : "During training it was judged by " + words.many() + " that nothing had varied:";
  }

  private boolean isOfImages() {
    return words.kind() == DatasetKind.IMAGE;
  }

  private void howMade() {
    paragraph("## How it was made");
    line("| | |");
    line("|---|---|");
    row(
        "data",
        MarkdownText.escape(record.data().name())
            + ", "
            + EvidenceWords.count(EvidenceWords.total(record.data().trainCounts()))
            + " training "
            + words.many()
            + ", hash "
            + MarkdownText.code(record.data().hash()));
    row("terms of the data", MarkdownText.escape(record.dataTerms().orElse("not stated")));
    record.settings().forEach((name, value) -> row(name, MarkdownText.escape(value)));
    row("precision", MarkdownText.escape(record.precision()));
    row("seed", Long.toString(record.seed()));
    row("time", Math.round(record.seconds() / 60) + " minutes");
    for (Map.Entry<String, String> entry : record.environment().entrySet()) {
      if (!entry.getKey().equals("command")) {
        row(entry.getKey(), MarkdownText.escape(entry.getValue()));
      }
    }
    String command = record.environment().getOrDefault("command", "");
    if (!command.isEmpty()) {
      paragraph("The command:");
      paragraph("```sh\n" + command.replace("```", "` ` `") + "\n```");
    }
  }

  private void howToUse() {
    paragraph("## How to use it");
    paragraph(
        "```sh\ngraft train " + words.folder() + "/ --backbone THIS-FOLDER --out my-model\n```");
  }

  private void limitations() {
    paragraph("## Limitations");
    line(
        "- It was trained on "
            + words.many()
            + " of up to "
            + words.size(lastSide())
            + " of its "
            + EvidenceWords.count(record.data().classes().size())
            + " classes; the further a task is from them, the less it knows of it.");
    line(
        "- Use of the weights is bound by the terms of the data that they were trained on"
            + record.dataTerms().map(terms -> ": " + MarkdownText.escape(terms)).orElse("")
            + ".");
    int leftOut = record.data().leftOut().size();
    if (leftOut > 0) {
      line(
          "- "
              + EvidenceWords.count(leftOut)
              + " files of the data were left out; "
              + MarkdownText.code("provenance.json")
              + " names them.");
    }
  }

  private int lastSide() {
    return record.history().get(record.history().size() - 1).side();
  }

  private void paragraph(String markdown) {
    // A table or list before it needs an empty line to end.
    if (text.charAt(text.length() - 2) != '\n') {
      text.append('\n');
    }
    text.append(markdown).append("\n\n");
  }

  private void row(String name, String value) {
    line("| " + name + " | " + value + " |");
  }

  private void line(String markdown) {
    text.append(markdown).append('\n');
  }
}

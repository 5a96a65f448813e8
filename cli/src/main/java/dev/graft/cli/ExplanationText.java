package dev.graft.cli;

import dev.graft.runtime.LabelProbability;
import dev.graft.transfer.explanation.ClassActivation;
import dev.graft.transfer.explanation.DeletionCheck;
import dev.graft.transfer.explanation.Explanation;
import dev.graft.transfer.explanation.HeatGrid;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** An explanation in words. */
final class ExplanationText {
  private static final int NAME_WIDTH = 11;

  private final Explanation explanation;
  private final ExplanationWords words;
  private final int columns;
  private final List<String> lines = new ArrayList<>();

  private ExplanationText(Explanation explanation, int columns) {
    this.explanation = explanation;
    this.words = ExplanationWords.of(explanation.input());
    this.columns = columns;
  }

  static List<String> of(String id, Explanation explanation, Path picture, int columns) {
    ExplanationText text = new ExplanationText(explanation, columns);
    text.lines.add(Wording.name(id) + ": " + text.answer());
    text.field("Sees", text.words.seen());
    text.field("Grad-CAM", text.activation());
    text.field("Occlusion", text.occlusion());
    explanation
        .agreement()
        .ifPresent(
            agreement ->
                text.field(
                    "Agreement",
                    "the two maps "
                        + agreement.words()
                        + (agreement.rankCorrelation().isPresent()
                            ? String.format(
                                Locale.ROOT,
                                " (rank correlation %.2f)",
                                agreement.rankCorrelation().getAsDouble())
                            : "")));
    text.field("Deletion", text.deletion());
    if (!explanation.neighbours().isEmpty()) {
      text.field("Most like", text.neighbours());
    }
    text.field("Picture", picture.toString());
    return text.lines;
  }

  private void field(String name, String value) {
    String indent = "  " + name + " ".repeat(NAME_WIDTH - name.length());
    for (String line : Wording.wrapped(Wording.name(value), columns - indent.length())) {
      lines.add(indent + line);
      indent = " ".repeat(indent.length());
    }
  }

  private String answer() {
    LabelProbability best = explanation.prediction().top(1).get(0);
    String said = Wording.name(best.label()) + " with " + Wording.percent(best.probability());
    return best.label().equals(explanation.label())
        ? said
        : said
            + "; explained: "
            + Wording.name(explanation.label())
            + " with "
            + Wording.percent(explanation.probability());
  }

  private String activation() {
    if (explanation.activation() instanceof ClassActivation.Absent absent) {
      return absent.reason() + " Occlusion is what there is.";
    }
    HeatGrid map = ((ClassActivation.Found) explanation.activation()).map();
    String fineness = " (" + words.fineness(map) + ")";
    return map.highest() > 0
        ? "strongest " + words.place(map) + fineness
        : "nothing speaks for this class" + fineness;
  }

  private String occlusion() {
    HeatGrid drops = explanation.occlusion().drops();
    if (drops.highest() <= 0) {
      return "covering no single place makes this class less probable";
    }
    return "strongest "
        + words.place(drops)
        + ": "
        + words.covering(explanation.occlusion())
        + " the probability from "
        + Wording.percent(explanation.occlusion().before())
        + " to "
        + Wording.percent(explanation.occlusion().lowest());
  }

  private String deletion() {
    DeletionCheck check = explanation.deletion();
    return "covering the "
        + Wording.percent(check.share())
        + " marked strongest takes the probability from "
        + Wording.percent(check.before())
        + " to "
        + Wording.percent(check.after())
        + "; the same shape elsewhere, to "
        + Wording.percent(check.meanElsewhere())
        + " on average, and at "
        + check.placesAsImportant()
        + " of "
        + check.elsewhere().size()
        + " other places as low: "
        + (check.passes()
            ? "what is marked matters to the model"
            : "the map marks nothing that matters more than the rest");
  }

  private String neighbours() {
    return explanation.neighbours().stream()
        .map(
            one ->
                String.format(
                    Locale.ROOT, "%s (%s, cosine %.2f)", one.id(), one.label(), one.similarity()))
        .collect(Collectors.joining("; ", "the training examples ", ""));
  }
}

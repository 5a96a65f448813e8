package dev.graft.cli;

import dev.graft.data.image.PixelImage;
import dev.graft.data.image.Region;
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
  static final String CAUTION =
      "The maps show which places this answer rests on. They do not show what the model takes them"
          + " for, whether the answer is right, or what it would say to other images. Where the"
          + " background is marked, the model may have learned the background.";

  private static final int NAME_WIDTH = 11;

  private final int columns;
  private final List<String> lines = new ArrayList<>();

  private ExplanationText(int columns) {
    this.columns = columns;
  }

  static List<String> of(
      String id, PixelImage image, Explanation explanation, Path picture, int columns) {
    ExplanationText text = new ExplanationText(columns);
    text.lines.add(Wording.name(id) + ": " + answer(explanation));
    text.field("Sees", seen(image, explanation.seen()));
    text.field("Grad-CAM", activation(explanation));
    text.field("Occlusion", occlusion(explanation));
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
    text.field("Deletion", deletion(explanation));
    if (!explanation.neighbours().isEmpty()) {
      text.field("Most like", neighbours(explanation));
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

  private static String answer(Explanation explanation) {
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

  private static String seen(PixelImage image, Region seen) {
    boolean whole = image.width() - seen.width() + image.height() - seen.height() < 2;
    return whole
        ? "all of the image"
        : String.format(
            Locale.ROOT,
            "the middle %.0f x %.0f of %d x %d pixels; the rest is cut off before it looks",
            seen.width(),
            seen.height(),
            image.width(),
            image.height());
  }

  private static String activation(Explanation explanation) {
    if (explanation.activation() instanceof ClassActivation.Absent absent) {
      return absent.reason() + " Occlusion is what there is.";
    }
    HeatGrid map = ((ClassActivation.Found) explanation.activation()).map();
    String size = " (" + map.rows() + " x " + map.columns() + " places)";
    return map.highest() > 0
        ? "strongest " + place(map) + size
        : "nothing in the image speaks for this class" + size;
  }

  private static String occlusion(Explanation explanation) {
    HeatGrid drops = explanation.occlusion().drops();
    double before = explanation.occlusion().before();
    return drops.highest() <= 0
        ? "covering no single place makes this class less probable"
        : String.format(
            Locale.ROOT,
            "strongest %s: a patch of %.0f x %.0f pixels there takes the probability from %s to %s",
            place(drops),
            explanation.occlusion().patch().width(),
            explanation.occlusion().patch().height(),
            Wording.percent(before),
            Wording.percent(explanation.occlusion().lowest()));
  }

  private static String deletion(Explanation explanation) {
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

  private static String neighbours(Explanation explanation) {
    return explanation.neighbours().stream()
        .map(
            one ->
                String.format(
                    Locale.ROOT, "%s (%s, cosine %.2f)", one.id(), one.label(), one.similarity()))
        .collect(Collectors.joining("; ", "the training examples ", ""));
  }

  /** Where the highest value lies, in words. */
  private static String place(HeatGrid map) {
    int highest = 0;
    for (int i = 1; i < map.values().length; i++) {
      highest = map.values()[i] > map.values()[highest] ? i : highest;
    }
    double x = map.horizontal().centre(highest % map.columns());
    double y = map.vertical().centre(highest / map.columns());
    String row = y < 1 / 3.0 ? "upper" : y > 2 / 3.0 ? "lower" : "";
    String column = x < 1 / 3.0 ? "left" : x > 2 / 3.0 ? "right" : "";
    if (row.isEmpty() && column.isEmpty()) {
      return "in the middle";
    }
    if (row.isEmpty()) {
      return "on the " + column;
    }
    return column.isEmpty() ? "in the " + row + " middle" : "on the " + row + " " + column;
  }
}

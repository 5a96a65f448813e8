package dev.graft.transfer.explanation;

import dev.graft.data.DataException;
import dev.graft.transfer.evidence.ExplainedText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Explains the texts of a report with the model that lies beside it, in bounded work: as many
 * texts, and in as many parts each, as so many multiply-adds allow, whatever the clock says, so
 * that equal trainings give equal reports.
 */
public final class ReportExplanations {
  /** About two seconds on two cores. */
  private static final double MULTIPLY_ADDS = 1e11;

  private static final int FEWEST_TEXTS = 3;
  private static final int FEWEST_PARTS = 8;

  /** Fewer texts are explained before parts become as coarse as this many a text make them. */
  private static final int WORTHWHILE_PARTS = 24;

  private static final int MOST_PARTS = 96;

  private ReportExplanations() {}

  /**
   * Explains the first of the texts; one that has fewer than two words is left out.
   *
   * @param bundle a folder with a model of texts
   * @param texts what is wanted, the most important first
   * @param multiplyAdds of the model for the longest text that it reads
   * @throws dev.graft.runtime.RuntimeModelException if the model cannot run
   */
  public static List<ExplainedText> of(Path bundle, List<ChosenText> texts, long multiplyAdds) {
    if (texts.isEmpty()) {
      return List.of();
    }
    List<ExplainedText> explained = new ArrayList<>();
    try (TextExplainer explainer = TextExplainer.load(bundle)) {
      double share =
          texts.stream()
              .mapToDouble(chosen -> explainer.shareOfLongest(chosen.text()))
              .average()
              .orElse(1);
      double runs = MULTIPLY_ADDS / Math.max(1, multiplyAdds * share);
      int count = (int) between(FEWEST_TEXTS, runs / WORTHWHILE_PARTS, texts.size());
      int parts = (int) between(FEWEST_PARTS, runs / count, MOST_PARTS);
      for (ChosenText chosen : texts.subList(0, Math.min(count, texts.size()))) {
        explained(explainer, chosen, parts).ifPresent(explained::add);
      }
    }
    return explained;
  }

  private static double between(double least, double value, double most) {
    return Math.max(least, Math.min(most, value));
  }

  private static Optional<ExplainedText> explained(
      TextExplainer explainer, ChosenText chosen, int parts) {
    TextExplanation found;
    try {
      found = explainer.explain(chosen.text(), chosen.id(), Optional.of(chosen.predicted()), parts);
    } catch (DataException tooShort) {
      return Optional.empty();
    }
    return Optional.of(
        new ExplainedText(
            chosen.id(),
            chosen.label(),
            chosen.part(),
            chosen.predicted(),
            found.probability(),
            found.prediction().label(),
            found.coloured(),
            found.withoutMarked(),
            found.withoutOthers()));
  }
}

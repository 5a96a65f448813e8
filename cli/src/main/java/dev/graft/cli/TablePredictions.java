package dev.graft.cli;

import dev.graft.data.LeftOut;
import dev.graft.runtime.BundleConfig;
import dev.graft.runtime.LabelProbability;
import dev.graft.runtime.Prediction;
import dev.graft.runtime.PredictionInput;
import dev.graft.runtime.PredictionSet;
import dev.graft.runtime.TrainingDistance;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A row for each image: its name, its best labels with their probabilities, the set that holds the
 * true class with a stated probability, and a remark where the image is unlike the training data.
 */
final class TablePredictions implements PredictionPrinter {
  private static final int WIDEST_LABEL = 24;
  private static final int NARROWEST_NAME = 16;
  private static final int LABELS_OF_SET = 4;

  /** What stands before the labels of a set, and between two of them. */
  private static final int SET_LEAD = "  90 % set: , ".length();

  private final ResultWriter results;
  private final int top;
  private final int nameWidth;
  private final int labelWidth;

  TablePredictions(Console console, int top, List<PredictionInput> inputs, BundleConfig model) {
    List<String> labels = model.labels();
    this.results = console.results();
    this.top = Math.min(top, labels.size());
    this.labelWidth = Math.min(WIDEST_LABEL, longest(labels.stream()));
    int longest = longest(inputs.stream().map(PredictionInput::id));
    // Files and pipes get whole names: whoever reads them there wants to open the files.
    int room =
        console.terminal().showsResults()
            ? console.terminal().columns()
                - 1
                - this.top * (labelWidth + 11)
                - (model.predictionSets().isPresent() ? SET_LEAD + 2 * labelWidth : 0)
            : Integer.MAX_VALUE;
    this.nameWidth = Math.max(Math.min(NARROWEST_NAME, longest), Math.min(longest, room));
  }

  private static int longest(Stream<String> names) {
    return names.mapToInt(name -> Wording.name(name).length()).max().orElse(0);
  }

  @Override
  public void predicted(String id, Prediction prediction) {
    StringBuilder row =
        new StringBuilder(padded(Wording.shortened(Wording.name(id), nameWidth), nameWidth));
    for (LabelProbability candidate : prediction.top(top)) {
      String label = Wording.shortened(Wording.name(candidate.label()), labelWidth);
      row.append("  ")
          .append(padded(label, labelWidth))
          .append(String.format(Locale.ROOT, " %8s", Wording.percent(candidate.probability())));
    }
    prediction.set().ifPresent(set -> row.append("  ").append(words(set)));
    prediction
        .trainingDistance()
        .filter(TrainingDistance::isUnlike)
        .ifPresent(distance -> row.append("  ").append(words(distance)));
    results.line(row.toString());
  }

  private static String words(PredictionSet set) {
    String labels =
        set.labels().stream()
            .limit(LABELS_OF_SET)
            .map(label -> Wording.shortened(Wording.name(label), WIDEST_LABEL))
            .collect(Collectors.joining(", "));
    int more = set.labels().size() - LABELS_OF_SET;
    return Wording.share(set.coverage())
        + " set: "
        + labels
        + (more > 0 ? " and " + Wording.count(more) + " more" : "");
  }

  private static String words(TrainingDistance distance) {
    return "unlike the training data (farther than "
        + Wording.share(distance.fartherThan())
        + " of it)";
  }

  @Override
  public void leftOut(LeftOut item) {
    // The report at the end names it, on standard error.
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}

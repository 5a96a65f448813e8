package dev.graft.transfer.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What an evaluation means, in plain sentences: the figure with its uncertainty, what guessing
 * would give, and what the figure does not show. Long names are shortened; whoever shows the
 * sentences escapes them.
 */
final class EvidenceWords {

  /** Below this many examples the words say that the evidence is thin. */
  private static final int FEW_EXAMPLES = 100;

  /** Below this many examples the figures of a single class say little. */
  private static final int FEW_EXAMPLES_OF_A_CLASS = 10;

  private static final int MOST_NAMES = 5;
  private static final int LONGEST_NAME = 60;

  private EvidenceWords() {}

  /** The evaluation to quote first: on the test part where there is one. */
  static Evaluation best(TrainingRecord record) {
    return record.test().orElse(record.validation());
  }

  /** One or two sentences on how good the model is. */
  static String headline(TrainingRecord record) {
    ExampleWords words = ExampleWords.of(record);
    String where =
        record.test().isPresent()
            ? "test " + words.many() + " that training never saw"
            : "validation " + words.many() + " (" + record.validationMethod() + ")";
    Evaluation evaluation = best(record);
    return String.format(
        Locale.ROOT,
        "On %s %s, %s %s right: %s (95 %% interval %s).",
        count(evaluation.examples()),
        where,
        count(evaluation.correct()),
        evaluation.correct() == 1 ? "was" : "were",
        percent(evaluation.accuracy()),
        interval(evaluation.accuracyInterval()));
  }

  /** What always answering the most frequent class would give, and whether the model beats it. */
  static String baseline(Evaluation evaluation) {
    ClassEvidence largest =
        evaluation.perClass().stream()
            .max(Comparator.comparingInt(ClassEvidence::examples))
            .orElseThrow();
    double share = largestShare(evaluation);
    long asFrequent =
        evaluation.perClass().stream().filter(row -> row.examples() == largest.examples()).count();
    String which =
        asFrequent == 1 ? quoted(largest) + ", the most frequent class," : "the same class";
    String sentence =
        String.format(
            Locale.ROOT, "Always answering %s would be right in %s.", which, percent(share));
    if (beatsBaseline(evaluation)) {
      return sentence;
    }
    return sentence + " These figures do not show that the model does better than that.";
  }

  /** How often it will be wrong on examples like those it was tested on. */
  static String expectation(Evaluation evaluation) {
    return String.format(
        Locale.ROOT,
        "Of 100 answers expect about %.0f to be wrong, between %.0f and %.0f.",
        100 * (1 - evaluation.accuracy()),
        Math.floor(100 * (1 - evaluation.accuracyInterval().high())),
        Math.ceil(100 * (1 - evaluation.accuracyInterval().low())));
  }

  /** Whether the whole interval of the accuracy lies above the share of the largest class. */
  static boolean beatsBaseline(Evaluation evaluation) {
    return evaluation.accuracyInterval().low() > largestShare(evaluation);
  }

  private static double largestShare(Evaluation evaluation) {
    int largest = evaluation.perClass().stream().mapToInt(ClassEvidence::examples).max().orElse(0);
    return (double) largest / evaluation.examples();
  }

  /** What to be careful about; empty where the evidence is solid. */
  static List<String> cautions(TrainingRecord record) {
    String many = ExampleWords.of(record).many();
    List<String> cautions = new ArrayList<>();
    Evaluation evaluation = best(record);
    if (record.test().isEmpty()) {
      cautions.add(
          "The data have no test part. Settings were chosen by the validation "
              + many
              + ", so these figures are somewhat too good; a test/ folder that nothing is chosen by"
              + " would tell.");
    }
    if (evaluation.examples() < FEW_EXAMPLES) {
      cautions.add(
          String.format(
              Locale.ROOT,
              "%s %s are few: the true accuracy may well be anywhere from %s, and a difference"
                  + " of a few %s between two models means nothing.",
              count(evaluation.examples()),
              many,
              interval(evaluation.accuracyInterval()),
              many));
    }
    thinClasses(evaluation, many).ifPresent(cautions::add);
    if (evaluation.balancedAccuracy() < evaluation.accuracy() - 0.05) {
      cautions.add(
          String.format(
              Locale.ROOT,
              "Balanced accuracy, in which each class counts the same, is only %s: rare classes are"
                  + " recognised less often than frequent ones.",
              percent(evaluation.balancedAccuracy())));
    }
    return cautions;
  }

  private static Optional<String> thinClasses(Evaluation evaluation, String many) {
    List<String> thin =
        evaluation.perClass().stream()
            .filter(row -> row.examples() < FEW_EXAMPLES_OF_A_CLASS)
            .map(row -> quoted(row) + " (" + count(row.examples()) + ")")
            .toList();
    if (thin.isEmpty()) {
      return Optional.empty();
    }
    if (thin.size() == evaluation.perClass().size() && thin.size() > MOST_NAMES) {
      return Optional.of(
          "Every class has fewer than "
              + FEW_EXAMPLES_OF_A_CLASS
              + " of these "
              + many
              + ", so the figures of a single class say little.");
    }
    String more = thin.size() > MOST_NAMES ? " and " + (thin.size() - MOST_NAMES) + " more" : "";
    return Optional.of(
        "Too few "
            + many
            + " to judge some classes by: "
            + String.join(", ", thin.subList(0, Math.min(MOST_NAMES, thin.size())))
            + more
            + ".");
  }

  /** The class that is missed most and the most frequent confusion; empty where all is right. */
  static Optional<String> weakest(Evaluation evaluation) {
    List<Confusion> confusions = Confusion.mostFrequent(evaluation);
    if (confusions.isEmpty()) {
      return Optional.empty();
    }
    Confusion first = confusions.get(0);
    List<ClassEvidence> classes = evaluation.perClass();
    ClassEvidence weakest =
        classes.stream()
            .filter(row -> row.examples() > 0)
            .min(Comparator.comparingDouble(row -> row.recall().orElseThrow()))
            .orElseThrow();
    return Optional.of(
        String.format(
            Locale.ROOT,
            "The class recognised least often is %s (%s of %s); the most frequent mistake is %s"
                + " taken for %s (%s).",
            quoted(weakest),
            count(weakest.correct()),
            count(weakest.examples()),
            quoted(classes.get(first.actual())),
            quoted(classes.get(first.predicted())),
            times(first.count())));
  }

  /** The name of the data without the folders that they lie in. */
  static String dataName(TrainingRecord record) {
    String name = record.data().name().replaceAll("[/\\\\]+$", "");
    String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    return PlainText.shorten(last.isEmpty() ? record.data().name() : last, LONGEST_NAME);
  }

  /** What was trained on what, in one sentence. */
  static String trained(TrainingRecord record) {
    return "It learned "
        + count(record.data().classes().size())
        + " classes from "
        + count(total(record.data().trainCounts()))
        + " "
        + ExampleWords.of(record).many()
        + " of “"
        + dataName(record)
        + "”, starting from “"
        + record.backbone().id()
        + "”, with the strategy “"
        + record.strategy()
        + "”.";
  }

  /** How the model was made, in one or two sentences. */
  static String making(TrainingRecord record) {
    TrainingRecord.Source backbone = record.backbone();
    String trained =
        backbone.trainedBlocks().isEmpty()
            ? "The backbone's weights are unchanged; only the new head was trained."
            : "Trained were the new head and "
                + backbone.trainedBlocks().size()
                + (backbone.trainedBlocks().size() == 1 ? " block" : " blocks")
                + " of the backbone.";
    return "The last output layer of “"
        + backbone.id()
        + "” was replaced by a new head ("
        + record.head()
        + ") on its "
        + count(backbone.features())
        + " features, trained with the strategy “"
        + record.strategy()
        + "” on "
        + count(total(record.data().trainCounts()))
        + " "
        + ExampleWords.of(record).many()
        + " of "
        + count(record.data().classes().size())
        + " classes. "
        + trained;
  }

  private static String quoted(ClassEvidence row) {
    return "“" + PlainText.shorten(row.label(), LONGEST_NAME) + "”";
  }

  static int total(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  static String percent(double proportion) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * proportion);
  }

  static String interval(Interval interval) {
    return percent(interval.low()) + " to " + percent(interval.high());
  }

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String times(int number) {
    return number == 1 ? "once" : number == 2 ? "twice" : count(number) + " times";
  }
}

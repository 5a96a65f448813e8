package dev.graft.transfer.evidence;

import java.util.List;
import java.util.Optional;

/**
 * What a run found out beyond its accuracy. Values only; each part is empty where it was not looked
 * for. Immutable, thread-safe.
 *
 * @param calibration how far probabilities can be believed
 * @param data what is odd about the data
 * @param learningCurve how accuracy grows with the number of examples
 * @param ladder how the strategy was chosen
 * @param baselines what is reached without the backbone, or with another
 * @param mistakes wrong predictions, the surest first
 * @param explained on which words answers rest, of texts; empty until the model is saved, since the
 *     saved one is asked
 * @param shown what can be seen and heard of the examples that the others name
 */
public record Findings(
    Optional<CalibrationFindings> calibration,
    Optional<DataFindings> data,
    Optional<LearningCurve> learningCurve,
    Optional<LadderFindings> ladder,
    List<Baseline> baselines,
    List<Mistake> mistakes,
    List<ExplainedText> explained,
    ShownExamples shown) {
  /** Nothing was looked for. */
  public static final Findings NONE =
      new Findings(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          List.of(),
          List.of(),
          ShownExamples.NONE);

  /** Copies the collections. */
  public Findings {
    baselines = List.copyOf(baselines);
    mistakes = List.copyOf(mistakes);
    explained = List.copyOf(explained);
  }

  /** The same, and examples to look at. */
  public Findings with(ShownExamples examples) {
    return new Findings(
        calibration, data, learningCurve, ladder, baselines, mistakes, explained, examples);
  }

  /** The same with what the saved model's answers rest on. */
  public Findings with(List<ExplainedText> texts) {
    return new Findings(
        calibration, data, learningCurve, ladder, baselines, mistakes, texts, shown);
  }

  /** The same with how the strategy was chosen. */
  public Findings with(LadderFindings climbed) {
    return new Findings(
        calibration,
        data,
        learningCurve,
        Optional.of(climbed),
        baselines,
        mistakes,
        explained,
        shown);
  }

  /** The same with what calibration found. */
  public Findings with(CalibrationFindings found) {
    return new Findings(
        Optional.of(found), data, learningCurve, ladder, baselines, mistakes, explained, shown);
  }

  /**
   * A wrong prediction.
   *
   * @param id identifier of the example
   * @param label its class
   * @param predicted the class that it was taken for
   * @param probability of that class
   * @param part "test" or "validation"
   */
  public record Mistake(
      String id, String label, String predicted, double probability, String part) {}
}

package dev.graft.transfer.evidence;

import java.util.List;
import java.util.Map;
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
 * @param thumbnails small JPEG pictures by the identifier of their example
 * @param excerpts short WAV files by the same, of examples that are recordings
 */
public record Findings(
    Optional<CalibrationFindings> calibration,
    Optional<DataFindings> data,
    Optional<LearningCurve> learningCurve,
    Optional<LadderFindings> ladder,
    List<Baseline> baselines,
    List<Mistake> mistakes,
    Map<String, byte[]> thumbnails,
    Map<String, byte[]> excerpts) {
  /** Nothing was looked for. */
  public static final Findings NONE =
      new Findings(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          List.of(),
          Map.of(),
          Map.of());

  /** Copies the collections. */
  public Findings {
    baselines = List.copyOf(baselines);
    mistakes = List.copyOf(mistakes);
    thumbnails = Map.copyOf(thumbnails);
    excerpts = Map.copyOf(excerpts);
  }

  /** The same with these pictures. */
  public Findings with(Map<String, byte[]> pictures) {
    return new Findings(
        calibration, data, learningCurve, ladder, baselines, mistakes, pictures, excerpts);
  }

  /** The same with sound to listen to. */
  public Findings withExcerpts(Map<String, byte[]> sounds) {
    return new Findings(
        calibration, data, learningCurve, ladder, baselines, mistakes, thumbnails, sounds);
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
        thumbnails,
        excerpts);
  }

  /** The same with what calibration found. */
  public Findings with(CalibrationFindings found) {
    return new Findings(
        Optional.of(found), data, learningCurve, ladder, baselines, mistakes, thumbnails, excerpts);
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

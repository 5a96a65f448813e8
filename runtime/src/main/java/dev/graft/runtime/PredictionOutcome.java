package dev.graft.runtime;

/** What became of one input of {@link Predictor#predictAll}. */
public sealed interface PredictionOutcome {

  /** The input's id, as given. */
  String id();

  /**
   * The input was classified.
   *
   * @param id the input's id
   * @param prediction what the model says
   */
  record Predicted(String id, Prediction prediction) implements PredictionOutcome {}

  /**
   * The input could not be read or decoded.
   *
   * @param id the input's id
   * @param reason why, for people
   */
  record LeftOut(String id, String reason) implements PredictionOutcome {}
}

package dev.graft.runtime;

import java.util.List;

/**
 * Classes among which the true one is with a stated probability, for inputs like the examples that
 * were held out of training (split-conformal prediction; Angelopoulos and Bates 2023, section 1).
 *
 * @param coverage the probability, between 0 and 1
 * @param labels the classes, the most probable first; at least one
 */
public record PredictionSet(double coverage, List<String> labels) {
  /** Copies the classes. */
  public PredictionSet {
    labels = List.copyOf(labels);
  }
}

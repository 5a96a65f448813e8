package dev.graft.runtime;

import java.util.List;

/**
 * Which classes a prediction set holds: the most probable one, and all of at least a probability
 * that was found on examples held out of training.
 *
 * @param coverage how often a set shall hold the true class, between 0 and 1
 * @param leastProbability the least probability of a class in the set, 0 to 1
 */
public record PredictionSetRule(double coverage, double leastProbability) {
  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a value is out of its range; the message names it
   */
  public PredictionSetRule {
    if (!(coverage > 0 && coverage < 1)) {
      throw new IllegalArgumentException(
          "PredictionSetRule.coverage is " + coverage + "; expected more than 0 and less than 1");
    }
    if (!(leastProbability >= 0 && leastProbability <= 1)) {
      throw new IllegalArgumentException(
          "PredictionSetRule.leastProbability is " + leastProbability + "; expected 0 to 1");
    }
  }

  /** The set of a prediction whose classes are ranked, the most probable first. */
  PredictionSet apply(List<LabelProbability> ranked) {
    int size = 1;
    while (size < ranked.size() && ranked.get(size).probability() >= leastProbability) {
      size++;
    }
    return new PredictionSet(
        coverage, ranked.subList(0, size).stream().map(LabelProbability::label).toList());
  }
}

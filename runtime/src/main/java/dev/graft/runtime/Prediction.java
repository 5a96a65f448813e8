package dev.graft.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a model says about one input.
 *
 * @param label the most probable class
 * @param probability its probability, 0 to 1
 * @param ranked all classes, the most probable first; equal ones in the model's order
 * @param set classes among which the true one is with a stated probability; empty where the bundle
 *     tells none
 * @param trainingDistance how far the input is from the training examples, a weak sign; empty where
 *     the bundle keeps none of their features
 */
public record Prediction(
    String label,
    double probability,
    List<LabelProbability> ranked,
    Optional<PredictionSet> set,
    Optional<TrainingDistance> trainingDistance) {

  /** Copies the ranking. */
  public Prediction {
    ranked = List.copyOf(ranked);
  }

  /** The {@code count} most probable classes, or all where there are fewer. */
  public List<LabelProbability> top(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("Prediction.top(" + count + "): ask for at least 1 class");
    }
    return ranked.subList(0, Math.min(count, ranked.size()));
  }

  /**
   * The probability of one class.
   *
   * @throws IllegalArgumentException if the model knows no such class
   */
  public double probabilityOf(String wanted) {
    for (LabelProbability candidate : ranked) {
      if (candidate.label().equals(wanted)) {
        return candidate.probability();
      }
    }
    throw new IllegalArgumentException(
        "The model knows no class \"" + wanted + "\"; its classes are " + ranked);
  }

  static Prediction of(List<String> labels, float[] probabilities, int offset) {
    List<LabelProbability> ranked = new ArrayList<>(labels.size());
    for (int i = 0; i < labels.size(); i++) {
      ranked.add(new LabelProbability(labels.get(i), probabilities[offset + i]));
    }
    ranked.sort(Comparator.comparingDouble(LabelProbability::probability).reversed());
    return new Prediction(
        ranked.get(0).label(),
        ranked.get(0).probability(),
        ranked,
        Optional.empty(),
        Optional.empty());
  }

  /** The same prediction with what a bundle tells besides. */
  Prediction with(Optional<PredictionSetRule> rule, Optional<TrainingDistance> distance) {
    return new Prediction(label, probability, ranked, rule.map(r -> r.apply(ranked)), distance);
  }
}

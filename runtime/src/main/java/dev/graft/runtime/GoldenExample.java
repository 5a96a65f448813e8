package dev.graft.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * An input and the outputs that the saved model must give for it.
 *
 * @param name where the input came from, for people
 * @param input what the model is given
 * @param logits the outputs before the softmax, in class order
 * @param probabilities the outputs after the softmax, in class order
 */
public record GoldenExample(
    String name, ModelInput input, List<Double> logits, List<Double> probabilities) {

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if the lists differ in length, or a value is not finite
   */
  public GoldenExample {
    logits = List.copyOf(logits);
    probabilities = List.copyOf(probabilities);
    if (logits.size() != probabilities.size() || logits.isEmpty()) {
      throw new IllegalArgumentException(
          "The golden example "
              + name
              + " has "
              + logits.size()
              + " logits and "
              + probabilities.size()
              + " probabilities; expected one of each for every class");
    }
    if (!logits.stream().allMatch(Double::isFinite)
        || !probabilities.stream().allMatch(Double::isFinite)) {
      throw new IllegalArgumentException(
          "The golden example " + name + " holds a value that is not finite");
    }
  }

  /**
   * An example from a training engine's outputs.
   *
   * @throws IllegalArgumentException as the constructor
   */
  public static GoldenExample of(
      String name, ModelInput input, float[] logits, float[] probabilities) {
    return new GoldenExample(name, input, toList(logits), toList(probabilities));
  }

  private static List<Double> toList(float[] values) {
    List<Double> list = new ArrayList<>(values.length);
    for (float value : values) {
      list.add((double) value);
    }
    return list;
  }
}

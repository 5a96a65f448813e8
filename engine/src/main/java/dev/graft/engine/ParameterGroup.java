package dev.graft.engine;

import java.util.List;

/**
 * Weights that train alike.
 *
 * @param name what the group is called in messages: a block or "head"
 * @param tensors names of initialisers
 * @param learningRateScale factor on the base learning rate
 * @param weightDecay pull toward zero: decay times weight is added to the gradient (decoupled under
 *     AdamW)
 * @param startingPointDecay pull toward the starting weights: decay times (weight minus starting
 *     weight) is added to the gradient (L2-SP, Li et al. 2018, equation 5)
 */
public record ParameterGroup(
    String name,
    List<String> tensors,
    double learningRateScale,
    double weightDecay,
    double startingPointDecay) {
  /** Copies the list and checks the ranges. */
  public ParameterGroup {
    tensors = List.copyOf(tensors);
    if (learningRateScale <= 0 || weightDecay < 0 || startingPointDecay < 0) {
      throw new IllegalArgumentException(
          "group " + name + ": the learning rate scale must be above 0, decays not below 0");
    }
  }
}

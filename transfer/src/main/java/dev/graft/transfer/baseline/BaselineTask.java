package dev.graft.transfer.baseline;

import dev.graft.transfer.training.Activations;
import dev.graft.transfer.training.HeadProblem;
import java.util.Arrays;
import java.util.Optional;

/**
 * What all that is compared with each other has in common.
 *
 * @param classWeights factor on the loss of each class
 * @param validationFraction share to hold out where one split is made
 * @param seed of splits
 */
public record BaselineTask(float[] classWeights, double validationFraction, long seed) {
  /** All classes weigh the same. */
  public static BaselineTask ofEvenClasses(int classes, double validationFraction, long seed) {
    float[] weights = new float[classes];
    Arrays.fill(weights, 1);
    return new BaselineTask(weights, validationFraction, seed);
  }

  /** The number of classes. */
  public int classes() {
    return classWeights.length;
  }

  /**
   * A linear head on some features of examples.
   *
   * @param labels class of each
   * @param groups which of them stay on one side of every split
   * @param heldOut examples by which its strength is chosen; empty for splits
   */
  public HeadProblem head(
      Activations features, int[] labels, int[] groups, Optional<HeadProblem.HeldOut> heldOut) {
    return new HeadProblem(
        features, labels, 1, groups, heldOut, classes(), classWeights, validationFraction, seed);
  }
}

package dev.graft.transfer.explanation;

/**
 * How much the probability of a class falls where a part of the input is covered: an image by its
 * mean colour, sound by silence.
 *
 * <p>Source: Zeiler and Fergus 2014, "Visualizing and Understanding Convolutional Networks",
 * section 4.2. Immutable and thread-safe.
 *
 * @param before the probability without a patch, 0 to 1
 * @param drops {@code before} minus the probability with the patch at each place; negative where
 *     the patch makes the class more probable
 * @param patchWidth width of the patch in shares of what the model sees
 * @param patchHeight its height
 */
public record Occlusion(double before, HeatGrid drops, double patchWidth, double patchHeight) {
  /** The probability with the patch at the place where that is lowest. */
  public double lowest() {
    return before - drops.highest();
  }
}

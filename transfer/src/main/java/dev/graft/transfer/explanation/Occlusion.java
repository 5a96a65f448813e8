package dev.graft.transfer.explanation;

import dev.graft.data.image.Region;

/**
 * How much the probability of a class falls where a patch of the image's mean colour covers it.
 *
 * <p>Source: Zeiler and Fergus 2014, "Visualizing and Understanding Convolutional Networks",
 * section 4.2. Immutable and thread-safe.
 *
 * @param before the probability without a patch, 0 to 1
 * @param drops {@code before} minus the probability with the patch at each place; negative where
 *     the patch makes the class more probable
 * @param patch width and height of the patch in pixels of the image
 */
public record Occlusion(double before, HeatGrid drops, Region patch) {
  /** The probability with the patch at the place where that is lowest. */
  public double lowest() {
    return before - drops.highest();
  }
}

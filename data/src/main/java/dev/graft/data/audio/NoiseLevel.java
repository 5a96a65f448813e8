package dev.graft.data.audio;

import java.util.Locale;

/**
 * How often noise is added, and how loud: the power of the clip over that of the noise, in
 * decibels, drawn evenly from a range.
 *
 * @param probability 0 (never) to 1 (always)
 * @param lowestDecibels the loudest noise, -30 to 100
 * @param highestDecibels the softest noise, at least the lowest, at most 100
 */
public record NoiseLevel(double probability, double lowestDecibels, double highestDecibels) {
  static final NoiseLevel OFF = new NoiseLevel(0, 0, 0);

  public NoiseLevel {
    AudioAugmentation.require("probability of noise", probability, 0, 1);
    AudioAugmentation.require("noise", lowestDecibels, -30, 100);
    AudioAugmentation.require("noise, upper end", highestDecibels, lowestDecibels, 100);
  }

  /** Whether noise is never added. */
  public boolean isOff() {
    return probability == 0;
  }

  /** As in {@code 5..20@0.5}: from 5 to 20 dB, in half of the views. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s..%s@%s",
        AudioAugmentation.number(lowestDecibels),
        AudioAugmentation.number(highestDecibels),
        AudioAugmentation.number(probability));
  }
}

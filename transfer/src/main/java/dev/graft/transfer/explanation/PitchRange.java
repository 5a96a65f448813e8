package dev.graft.transfer.explanation;

import dev.graft.data.audio.Sonogram;

/**
 * The frequencies that a picture of sound shows, on the mel scale. Immutable and thread-safe.
 *
 * @param lowestHertz lower edge, at least 0
 * @param highestHertz upper edge
 */
public record PitchRange(double lowestHertz, double highestHertz) {
  /** All that sound of a rate holds. */
  static PitchRange ofRate(int sampleRate) {
    return new PitchRange(0, sampleRate / 2.0);
  }

  /** The frequency at a share of the height, counted from the upper edge, at least 0. */
  public double hertz(double y) {
    double lowest = Sonogram.mel(lowestHertz);
    double highest = Sonogram.mel(highestHertz);
    return Math.max(0, Sonogram.hertz(highest - y * (highest - lowest)));
  }
}

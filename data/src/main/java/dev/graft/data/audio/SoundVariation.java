package dev.graft.data.audio;

import java.util.SplittableRandom;

/** Changes of a sound that leave what is said as it is. Stateless, thread-safe. */
public final class SoundVariation {
  private static final int RATIO_STEPS = 1_000;
  private static final double SLOWEST = 0.25;
  private static final double FASTEST = 4;

  private SoundVariation() {}

  /**
   * Plays a sound faster, pitch included: ceil(length / factor) samples.
   *
   * @param factor 0.25 to 4, rounded to thousandths
   */
  public static float[] faster(float[] samples, double factor) {
    if (!(factor >= SLOWEST && factor <= FASTEST)) {
      throw new IllegalArgumentException("factor: expected 0.25 to 4, found " + factor);
    }
    return AudioAugmenter.faster(samples, (int) Math.round(factor * RATIO_STEPS));
  }

  /**
   * The sound as it is heard in a room that does not exist, which goes on after its end; its energy
   * stays the same.
   *
   * @param reverbSeconds the time in which the room's sound falls by 60 dB, 0.02 to 5
   * @param sampleRate samples per second
   * @param random draws the room
   */
  public static float[] inRoom(
      float[] samples, double reverbSeconds, int sampleRate, SplittableRandom random) {
    AudioAugmentation.require("reverb", reverbSeconds, 0.02, 5);
    return RoomResponse.apply(samples, RoomResponse.make(reverbSeconds, sampleRate, random));
  }
}

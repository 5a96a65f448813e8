package dev.graft.data.audio;

import java.util.SplittableRandom;

/**
 * Impulse responses of rooms that do not exist: the direct sound, a few early reflections, and
 * noise that decays exponentially (Polack, "La transmission de l'energie sonore dans les salles",
 * 1988).
 */
final class RoomResponse {
  private static final int REFLECTIONS = 6;
  private static final double FIRST_REFLECTION_SECONDS = 0.002;
  private static final double LAST_REFLECTION_SECONDS = 0.04;
  private static final double DIFFUSE_FROM_SECONDS = 0.01;

  /** Direct sound over all that follows: from across a room to near the microphone. */
  private static final double LEAST_DIRECT_DECIBELS = -3;

  private static final double MOST_DIRECT_DECIBELS = 12;

  /** Room tone dies out at the noise of 16 bits. */
  private static final double LENGTH_IN_REVERBS = 1.2;

  private RoomResponse() {}

  /**
   * A response whose energy falls by 60 dB in the given time, with a direct sound of 1 at its first
   * sample.
   */
  static float[] make(double reverbSeconds, int sampleRate, SplittableRandom random) {
    int length = Math.max(2, (int) Math.round(reverbSeconds * LENGTH_IN_REVERBS * sampleRate));
    double[] response = new double[length];
    double fall = Math.log(1e-3) / (reverbSeconds * sampleRate);
    int diffuseFrom = Math.max(1, (int) (DIFFUSE_FROM_SECONDS * sampleRate));
    for (int i = diffuseFrom; i < length; i++) {
      response[i] = random.nextGaussian() * Math.exp(fall * i);
    }
    for (int r = 0; r < REFLECTIONS; r++) {
      double delay =
          FIRST_REFLECTION_SECONDS
              + random.nextDouble() * (LAST_REFLECTION_SECONDS - FIRST_REFLECTION_SECONDS);
      int at = Math.max(1, (int) Math.round(delay * sampleRate));
      double sign = random.nextBoolean() ? 1 : -1;
      double strength = (2 + 4 * random.nextDouble()) * Math.exp(fall * at);
      if (at < length) {
        response[at] += sign * strength;
      }
    }
    double decibels =
        LEAST_DIRECT_DECIBELS
            + random.nextDouble() * (MOST_DIRECT_DECIBELS - LEAST_DIRECT_DECIBELS);
    double energy = 0;
    for (double value : response) {
      energy += value * value;
    }
    double scale = energy == 0 ? 0 : Math.sqrt(Math.pow(10, -decibels / 10) / energy);
    float[] result = new float[length];
    for (int i = 0; i < length; i++) {
      result[i] = (float) (response[i] * scale);
    }
    result[0] = 1;
    return result;
  }

  /**
   * The sound as it is heard in the room: samples + response - 1 values, of the same energy as the
   * sound.
   */
  static float[] apply(float[] samples, float[] response) {
    float[] heard = Convolution.full(samples, response);
    double before = energy(samples);
    double after = energy(heard);
    if (after > 0) {
      float scale = (float) Math.sqrt(before / after);
      for (int i = 0; i < heard.length; i++) {
        heard[i] *= scale;
      }
    }
    return heard;
  }

  private static double energy(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return sum;
  }
}

package dev.graft.benchmarks.speech;

import java.util.SplittableRandom;

/**
 * Noise whose power falls with frequency as 1/f^exponent: white at 0, pink at 1, nearly brown at
 * 1.7, brighter than white below 0.
 *
 * <p>Source: N. J. Kasdin, "Discrete simulation of colored noise and stochastic processes and
 * 1/f^alpha power law noise generation", Proceedings of the IEEE 83 (1995), section III: white
 * Gaussian noise through the autoregressive filter with a[0] = 1, a[k] = (k - 1 - exponent / 2)
 * a[k-1] / k, here cut after 64 terms, so that below 250 Hz the spectrum at 16 kHz is flatter.
 * Stateless.
 */
final class ColouredNoise {
  static final double LOWEST_EXPONENT = -1;
  static final double HIGHEST_EXPONENT = 1.8;
  private static final int TERMS = 64;
  private static final int WARM_UP = 1_024;

  private ColouredNoise() {}

  /**
   * Makes noise with a root mean square of 1.
   *
   * @param exponent from -1 to 1.8; from 2 on such noise has no bounded power
   */
  static float[] make(int samples, double exponent, SplittableRandom random) {
    if (!(exponent >= LOWEST_EXPONENT && exponent <= HIGHEST_EXPONENT)) {
      throw new IllegalArgumentException(
          "Making noise: expected an exponent from -1 to 1.8, found " + exponent);
    }
    float[] filter = new float[TERMS];
    double coefficient = 1;
    for (int k = 1; k <= TERMS; k++) {
      coefficient *= (k - 1 - exponent / 2) / k;
      filter[k - 1] = (float) coefficient;
    }
    float[] all = new float[WARM_UP + samples];
    for (int n = 0; n < all.length; n++) {
      float value = (float) random.nextGaussian();
      for (int k = Math.min(TERMS, n); k > 0; k--) {
        value -= filter[k - 1] * all[n - k];
      }
      all[n] = value;
    }
    float[] noise = new float[samples];
    double rms = Math.max(1e-9, SpokenClip.rms(all, WARM_UP, all.length));
    for (int n = 0; n < samples; n++) {
      noise[n] = (float) (all[WARM_UP + n] / rms);
    }
    return noise;
  }
}

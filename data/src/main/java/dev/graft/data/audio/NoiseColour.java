package dev.graft.data.audio;

import java.util.SplittableRandom;

/** Kinds of noise by the fall of their power with frequency. Thread-safe. */
public enum NoiseColour {
  /** Even power. */
  WHITE {
    @Override
    void filter(double[] noise, int sampleRate) {
      // Gaussian numbers are white.
    }
  },
  /** 3 dB less per octave, from 20 Hz on. */
  PINK {
    @Override
    void filter(double[] noise, int sampleRate) {
      // Each pole bends the slope by -6 dB per octave, the zero an octave above takes that back: in
      // the mean -3 dB.
      for (double pole = LOWEST_HERTZ; pole < sampleRate / 2.0; pole *= 4) {
        poleAndZero(noise, decay(pole, sampleRate), decay(2 * pole, sampleRate));
      }
    }
  },
  /** 6 dB less per octave, from 20 Hz on. */
  BROWN {
    @Override
    void filter(double[] noise, int sampleRate) {
      poleAndZero(noise, decay(LOWEST_HERTZ, sampleRate), 0);
    }
  };

  private static final double LOWEST_HERTZ = 20;

  /** Changes white noise to this colour. */
  abstract void filter(double[] noise, int sampleRate);

  /**
   * Noise of this colour, at no particular level.
   *
   * @param count of samples
   * @param sampleRate samples per second
   * @param random where the noise comes from; the same state gives the same noise
   */
  public float[] make(int count, int sampleRate, SplittableRandom random) {
    // So that the filters have settled.
    int lead = this == WHITE ? 0 : sampleRate / 10;
    double[] noise = new double[lead + count];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = random.nextGaussian();
    }
    filter(noise, sampleRate);
    float[] result = new float[count];
    for (int i = 0; i < count; i++) {
      result[i] = (float) noise[lead + i];
    }
    return result;
  }

  private static double decay(double hertz, int sampleRate) {
    return Math.exp(-2 * Math.PI * hertz / sampleRate);
  }

  /** y[n] = x[n] - zero * x[n-1] + pole * y[n-1]. */
  private static void poleAndZero(double[] values, double pole, double zero) {
    double lastIn = 0;
    double lastOut = 0;
    for (int i = 0; i < values.length; i++) {
      double in = values[i];
      lastOut = in - zero * lastIn + pole * lastOut;
      lastIn = in;
      values[i] = lastOut;
    }
  }
}

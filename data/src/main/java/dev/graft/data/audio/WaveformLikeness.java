package dev.graft.data.audio;

import java.util.Arrays;

/**
 * How alike two recordings of one rate are as waveforms: the largest magnitude, over all shifts of
 * one against the other, of their normalised cross-correlation where they overlap, 0 to 1.
 *
 * <p>{@code r(lag) = sum x[n] y[n + lag] / sqrt(sum x[n]^2 sum y[n + lag]^2)}, both less their
 * mean; only shifts count at which the overlap holds at least {@value #LEAST_OVERLAP} of the energy
 * of each. Between whole lags the sum is interpolated (windowed sinc). Gain and sign change
 * nothing, and noise at a signal-to-noise power ratio s leaves {@code 1 / sqrt(1 + 1 / s)}: 0.995
 * at 20 dB. A change of pitch, speed or room makes waveforms unlike; steady tones of one pitch are
 * alike.
 *
 * <p>Computed by the Fourier transform. Stateless, thread-safe.
 */
public final class WaveformLikeness {
  private static final double LEAST_OVERLAP = 0.8;

  /** Below this at whole lags, nothing becomes alike between them. */
  private static final double WORTH_REFINING = 0.4;

  private static final int TAPS = 16;
  private static final int STEPS = 16;

  private WaveformLikeness() {}

  /** 0 where one of both is silent. */
  public static double of(float[] one, float[] other) {
    double[] x = centred(one);
    return likeness(x, centred(other), 1 - x.length);
  }

  /**
   * The same of a recording and itself at least so much later: nearly 1 for steady tones, which
   * nothing tells from each other, and small for speech.
   *
   * @param leastLag in samples, at least 1
   */
  public static double ofItself(float[] samples, int leastLag) {
    double[] x = centred(samples);
    return likeness(x, x, Math.max(1, leastLag));
  }

  private static double likeness(double[] x, double[] y, int leastLag) {
    double[] energyX = energies(x);
    double[] energyY = energies(y);
    if (energyX[x.length] <= 0 || energyY[y.length] <= 0) {
      return 0;
    }
    double[] sums = sums(x, y);
    double best = 0;
    int at = 0;
    for (int lag = leastLag; lag < y.length; lag++) {
      double scale = scale(energyX, energyY, lag);
      double now = scale == 0 ? 0 : Math.abs(sums[index(lag, sums.length)]) * scale;
      if (now > best) {
        best = now;
        at = lag;
      }
    }
    return best < WORTH_REFINING
        ? best
        : Math.min(1, refined(sums, at) * scale(energyX, energyY, at));
  }

  private static double[] centred(float[] samples) {
    double mean = 0;
    for (float sample : samples) {
      mean += (double) sample / samples.length;
    }
    double[] centred = new double[samples.length];
    for (int i = 0; i < samples.length; i++) {
      centred[i] = samples[i] - mean;
    }
    return centred;
  }

  /** Energy of the first n samples, for each n. */
  private static double[] energies(double[] samples) {
    double[] energies = new double[samples.length + 1];
    for (int i = 0; i < samples.length; i++) {
      energies[i + 1] = energies[i] + samples[i] * samples[i];
    }
    return energies;
  }

  /**
   * The sums of products by lag, those of negative lags from the end on. Both are transformed at
   * once, one as the real part: x has the even and y the odd part of what comes out.
   */
  private static double[] sums(double[] x, double[] y) {
    Fft fft = Fft.atLeast(x.length + y.length);
    int size = fft.size();
    double[] real = Arrays.copyOf(x, size);
    double[] imaginary = Arrays.copyOf(y, size);
    fft.forward(real, imaginary);
    for (int k = 0; k <= size / 2; k++) {
      int mirrored = (size - k) & (size - 1);
      double realX = (real[k] + real[mirrored]) / 2;
      double imaginaryX = (imaginary[k] - imaginary[mirrored]) / 2;
      double realY = (imaginary[k] + imaginary[mirrored]) / 2;
      double imaginaryY = (real[mirrored] - real[k]) / 2;
      double productReal = realX * realY + imaginaryX * imaginaryY;
      double productImaginary = realX * imaginaryY - imaginaryX * realY;
      real[k] = productReal;
      imaginary[k] = productImaginary;
      // The sums are real numbers.
      real[mirrored] = productReal;
      imaginary[mirrored] = -productImaginary;
    }
    fft.inverse(real, imaginary);
    return real;
  }

  private static int index(int lag, int size) {
    return lag < 0 ? lag + size : lag;
  }

  /** One over the root of both energies in the overlap; 0 where it holds too little. */
  private static double scale(double[] energyX, double[] energyY, int lag) {
    int lengthX = energyX.length - 1;
    int lengthY = energyY.length - 1;
    int from = Math.max(0, -lag);
    int to = Math.min(lengthX, lengthY - lag);
    if (to <= from) {
      return 0;
    }
    double x = energyX[to] - energyX[from];
    double y = energyY[to + lag] - energyY[from + lag];
    boolean enough = x >= LEAST_OVERLAP * energyX[lengthX] && y >= LEAST_OVERLAP * energyY[lengthY];
    return enough && x > 0 && y > 0 ? 1 / Math.sqrt(x * y) : 0;
  }

  /** The largest magnitude within a lag of a place. */
  private static double refined(double[] sums, int lag) {
    double best = 0;
    for (int step = -STEPS; step <= STEPS; step++) {
      double offset = (double) step / STEPS;
      double value = 0;
      for (int k = -TAPS; k <= TAPS; k++) {
        double distance = offset - k;
        double sinc = distance == 0 ? 1 : Math.sin(Math.PI * distance) / (Math.PI * distance);
        double window = Math.cos(Math.PI * distance / (2 * (TAPS + 1)));
        int index = Math.floorMod(lag + k, sums.length);
        value += sums[index] * sinc * window * window;
      }
      best = Math.max(best, Math.abs(value));
    }
    return best;
  }
}

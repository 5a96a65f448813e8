package dev.graft.benchmarks.speech;

/**
 * Changes the rate of a sound by any ratio, with a windowed sinc: y[n] = sum over k of x[k] h(n s -
 * k), where s is the step in input samples and h a sinc that ends at the lower of both Nyquist
 * frequencies, under a Kaiser window.
 *
 * <p>Source: J. O. Smith, "Digital Audio Resampling", the bandlimited interpolation of that page;
 * Kaiser's window with beta 9 keeps aliases 90 dB down. The pass band is flat to 0.8 of the lower
 * Nyquist frequency. Stateless, thread-safe.
 */
final class SincResampler {
  private static final int ZERO_CROSSINGS = 20;
  private static final int STEPS_PER_CROSSING = 512;
  private static final double BETA = 9;

  /**
   * The gain is a half here, so that nearly all of the transition is below the Nyquist frequency.
   */
  private static final double ROLL_OFF = 0.93;

  private static final float[] KERNEL = kernel();

  private SincResampler() {}

  /**
   * Resamples.
   *
   * @param step how many input samples one output sample is further, from 1/16 to 16
   */
  static float[] resample(float[] input, double step) {
    if (!(step >= 1.0 / 16 && step <= 16)) {
      throw new IllegalArgumentException("Resampling: expected 1/16 to 16, found " + step);
    }
    double cutoff = ROLL_OFF * Math.min(1, 1 / step);
    double reach = ZERO_CROSSINGS / cutoff;
    float[] output = new float[(int) Math.ceil(input.length / step)];
    for (int n = 0; n < output.length; n++) {
      double place = n * step;
      int from = Math.max(0, (int) Math.ceil(place - reach));
      int to = Math.min(input.length - 1, (int) Math.floor(place + reach));
      double sum = 0;
      for (int k = from; k <= to; k++) {
        sum += input[k] * kernelAt(Math.abs(place - k) * cutoff);
      }
      output[n] = (float) (sum * cutoff);
    }
    return output;
  }

  private static double kernelAt(double crossings) {
    double place = crossings * STEPS_PER_CROSSING;
    int index = (int) place;
    if (index + 1 >= KERNEL.length) {
      return 0;
    }
    double part = place - index;
    return KERNEL[index] * (1 - part) + KERNEL[index + 1] * part;
  }

  private static float[] kernel() {
    float[] kernel = new float[ZERO_CROSSINGS * STEPS_PER_CROSSING + 1];
    for (int i = 0; i < kernel.length; i++) {
      double x = (double) i / STEPS_PER_CROSSING;
      double sinc = x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
      double place = x / ZERO_CROSSINGS;
      kernel[i] = (float) (sinc * bessel(BETA * Math.sqrt(1 - place * place)) / bessel(BETA));
    }
    return kernel;
  }

  /** The modified Bessel function of the first kind and order 0, by its power series. */
  private static double bessel(double x) {
    double term = 1;
    double sum = 1;
    for (int k = 1; term > sum * 1e-12; k++) {
      term *= (x / (2 * k)) * (x / (2 * k));
      sum += term;
    }
    return sum;
  }
}

package dev.graft.data.audio;

/**
 * The frequency above which a clip holds nothing, from its mean power spectrum (Welch, "The Use of
 * Fast Fourier Transform for the Estimation of Power Spectra", 1967).
 */
final class Bandwidth {
  private static final int SIZE = 1024;
  private static final double NEGLIGIBLE = 1e-6;

  /**
   * Rounding to 16 bits spreads (2^-15)^2 / 12 evenly over the band; four times that is allowed.
   */
  private static final double ROUNDING_POWER = 4 * 0x1p-30 / 12;

  /** More would tell no more. */
  private static final int MOST_FRAMES = 2_000;

  private Bandwidth() {}

  static double hertz(Waveform clip) {
    double[] spectrum = spectrum(clip.samples());
    double total = 0;
    for (double power : spectrum) {
      total += power;
    }
    double above = 0;
    for (int bin = spectrum.length - 1; bin > 0; bin--) {
      above += spectrum[bin];
      double rounding = ROUNDING_POWER * (spectrum.length - bin) / spectrum.length;
      if (above > total * NEGLIGIBLE + rounding) {
        return (bin + 1.0) * clip.sampleRate() / SIZE;
      }
    }
    return 0;
  }

  /** Mean power per bin up to the Nyquist frequency; the sum is the mean square of the samples. */
  private static double[] spectrum(float[] samples) {
    double[] window = new double[SIZE];
    double energy = 0;
    for (int i = 0; i < SIZE; i++) {
      // The square of a Hann window: its side lobes fall fast enough not to hide an empty band.
      double hann = 0.5 - 0.5 * Math.cos(2 * Math.PI * (i + 0.5) / SIZE);
      window[i] = hann * hann;
      energy += window[i] * window[i];
    }
    int frames = Math.max(1, (samples.length - SIZE / 2) / (SIZE / 2));
    int step = Math.max(1, frames / MOST_FRAMES);
    double[] spectrum = new double[SIZE / 2 + 1];
    double[] real = new double[SIZE];
    double[] imaginary = new double[SIZE];
    int used = 0;
    for (int frame = 0; frame < frames; frame += step) {
      int start = frame * (SIZE / 2);
      for (int i = 0; i < SIZE; i++) {
        real[i] = start + i < samples.length ? samples[start + i] * window[i] : 0;
        imaginary[i] = 0;
      }
      Fft.of(SIZE).forward(real, imaginary);
      for (int bin = 0; bin <= SIZE / 2; bin++) {
        double power = real[bin] * real[bin] + imaginary[bin] * imaginary[bin];
        spectrum[bin] += bin == 0 || bin == SIZE / 2 ? power : 2 * power;
      }
      used++;
    }
    for (int bin = 0; bin <= SIZE / 2; bin++) {
      spectrum[bin] /= energy * SIZE * used;
    }
    return spectrum;
  }
}

package dev.graft.data.audio;

/** Measures of sounds, by the definition and slowly. */
final class Tones {
  private Tones() {}

  /** The amplitude of a frequency: the length of the projection on its sine and cosine. */
  static double amplitude(float[] samples, int from, int to, double hertz, int rate) {
    double re = 0;
    double im = 0;
    double weights = 0;
    for (int i = from; i < to; i++) {
      double hann = 0.5 - 0.5 * Math.cos(2 * Math.PI * (i - from + 0.5) / (to - from));
      re += hann * samples[i] * Math.cos(2 * Math.PI * hertz * i / rate);
      im += hann * samples[i] * Math.sin(2 * Math.PI * hertz * i / rate);
      weights += hann;
    }
    return 2 * Math.hypot(re, im) / weights;
  }

  /** The frequency with the largest amplitude, to about a hundredth of a hertz. */
  static double hertz(Waveform sound) {
    float[] samples = sound.samples();
    int size = Math.min(16_384, Integer.highestOneBit(samples.length * 3 / 4));
    int from = (samples.length - size) / 2;
    double[] real = new double[size];
    double[] imaginary = new double[size];
    for (int i = 0; i < size; i++) {
      real[i] = samples[from + i] * (0.5 - 0.5 * Math.cos(2 * Math.PI * (i + 0.5) / size));
    }
    Fft.of(size).forward(real, imaginary);
    int peak = 1;
    for (int bin = 1; bin < size / 2; bin++) {
      if (Math.hypot(real[bin], imaginary[bin]) > Math.hypot(real[peak], imaginary[peak])) {
        peak = bin;
      }
    }
    double best = (double) peak * sound.sampleRate() / size;
    for (double step = 0.5 * sound.sampleRate() / size; step >= 0.005; step /= 2) {
      double middle = best;
      double highest = amplitude(samples, from, from + size, best, sound.sampleRate());
      for (int side = -1; side <= 1; side += 2) {
        double hertz = middle + side * step;
        double amplitude = amplitude(samples, from, from + size, hertz, sound.sampleRate());
        if (amplitude > highest) {
          highest = amplitude;
          best = hertz;
        }
      }
    }
    return best;
  }

  static double power(float[] samples, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += (double) samples[i] * samples[i];
    }
    return sum / (to - from);
  }
}

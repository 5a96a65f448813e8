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

  /** The frequency with the largest amplitude, searched to a hundredth of a hertz. */
  static double hertz(Waveform sound) {
    float[] samples = sound.samples();
    int from = samples.length / 8;
    int to = Math.min(samples.length * 7 / 8, from + 16_384);
    double best = 0;
    double low = 50;
    double high = sound.sampleRate() / 2.0;
    for (double step = 2; step >= 0.01; step /= 4) {
      double highest = -1;
      double middle = 0;
      for (double hertz = low; hertz <= high; hertz += step) {
        double amplitude = amplitude(samples, from, to, hertz, sound.sampleRate());
        if (amplitude > highest) {
          highest = amplitude;
          middle = hertz;
        }
      }
      best = middle;
      low = best - 2 * step;
      high = best + 2 * step;
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

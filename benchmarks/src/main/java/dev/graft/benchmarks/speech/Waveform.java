package dev.graft.benchmarks.speech;

/**
 * Mono sound.
 *
 * @param samples in [-1, 1]
 * @param rate samples per second
 */
record Waveform(float[] samples, int rate) {
  /** The rate of all that is written here. */
  static final int RATE = 16_000;

  double seconds() {
    return (double) samples.length / rate;
  }

  float peak() {
    float peak = 0;
    for (float sample : samples) {
      peak = Math.max(peak, Math.abs(sample));
    }
    return peak;
  }

  /** The same sound times a factor. */
  Waveform times(float factor) {
    float[] scaled = samples.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= factor;
    }
    return new Waveform(scaled, rate);
  }
}

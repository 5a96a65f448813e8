package dev.graft.data.audio;

/** Takes a stretch of time or a band of frequencies out of a sound. */
final class SoundMask {
  private static final double FADE_SECONDS = 0.005;
  private static final double FRAME_SECONDS = 0.032;

  private SoundMask() {}

  /** Silences samples from one to another, fading out before and in behind. */
  static void time(float[] samples, int from, int to, int sampleRate) {
    int fade = (int) (FADE_SECONDS * sampleRate);
    for (int i = Math.max(0, from - fade); i < Math.min(samples.length, to + fade); i++) {
      int outside = i < from ? from - i : Math.max(0, i - to + 1);
      samples[i] *= (float) (0.5 - 0.5 * Math.cos(Math.PI * outside / (fade + 1)));
    }
  }

  /**
   * Removes a band in the short-time spectrum, with root-Hann windows before and behind that
   * overlap by half.
   */
  static void band(float[] samples, double fromHertz, double toHertz, int sampleRate) {
    Fft fft = Fft.atLeast((int) (FRAME_SECONDS * sampleRate));
    int size = fft.size();
    int hop = size / 2;
    double[] window = new double[size];
    for (int i = 0; i < size; i++) {
      window[i] = Math.sin(Math.PI * (i + 0.5) / size);
    }
    int fromBin = (int) Math.round(fromHertz * size / sampleRate);
    int toBin = (int) Math.round(toHertz * size / sampleRate);
    double[] sums = new double[samples.length];
    double[] real = new double[size];
    double[] imaginary = new double[size];
    for (int start = -hop; start < samples.length; start += hop) {
      for (int i = 0; i < size; i++) {
        int at = start + i;
        real[i] = at >= 0 && at < samples.length ? samples[at] * window[i] : 0;
        imaginary[i] = 0;
      }
      fft.forward(real, imaginary);
      for (int bin = fromBin; bin < toBin && bin <= hop; bin++) {
        int mirrored = (size - bin) % size;
        real[bin] = 0;
        imaginary[bin] = 0;
        real[mirrored] = 0;
        imaginary[mirrored] = 0;
      }
      fft.inverse(real, imaginary);
      for (int i = Math.max(0, -start); i < size && start + i < samples.length; i++) {
        sums[start + i] += real[i] * window[i];
      }
    }
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) sums[i];
    }
  }

  /** The frequency of a place on the mel scale (O'Shaughnessy, 1987). */
  static double hertz(double mel) {
    return 700 * (Math.pow(10, mel / 2595) - 1);
  }

  /** The place of a frequency on the mel scale. */
  static double mel(double hertz) {
    return 2595 * Math.log10(1 + hertz / 700);
  }
}

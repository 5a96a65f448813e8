package dev.graft.transfer.wakeword;

import java.util.Arrays;

/**
 * Where something is said in a recording.
 *
 * @param start first sample
 * @param end after the last sample, above {@code start}
 */
record SpokenSpan(int start, int end) {
  private static final double FRAME_SECONDS = 0.01;
  private static final double LONGEST_PAUSE_SECONDS = 0.25;
  private static final double MARGIN_SECONDS = 0.03;

  /** How far above the noise floor, as a share of the way to the loudest frame in decibels. */
  private static final double ABOVE_FLOOR = 0.35;

  /** What is softer than the loudest frame by more is no speech. */
  private static final double SPEECH_DECIBELS = 32;

  /**
   * The stretch around the loudest moment in which no pause is longer than a quarter of a second.
   * The noise floor is the tenth percentile of the energies of frames of 10 ms.
   *
   * @param samples at least one
   */
  static SpokenSpan of(float[] samples, int sampleRate) {
    int frame = Math.max(1, (int) (FRAME_SECONDS * sampleRate));
    double[] levels = levels(samples, frame);
    double[] sorted = levels.clone();
    Arrays.sort(sorted);
    double floor = sorted[sorted.length / 10];
    double peak = sorted[sorted.length - 1];
    double least = Math.max(floor + ABOVE_FLOOR * (peak - floor), peak - SPEECH_DECIBELS);
    int loudest = 0;
    for (int i = 1; i < levels.length; i++) {
      loudest = levels[i] > levels[loudest] ? i : loudest;
    }
    int pause = (int) (LONGEST_PAUSE_SECONDS / FRAME_SECONDS);
    int first = edge(levels, loudest, -1, least, pause);
    int last = edge(levels, loudest, 1, least, pause);
    int margin = (int) (MARGIN_SECONDS * sampleRate);
    return new SpokenSpan(
        Math.max(0, first * frame - margin), Math.min(samples.length, (last + 1) * frame + margin));
  }

  private static double[] levels(float[] samples, int frame) {
    double[] levels = new double[(samples.length + frame - 1) / frame];
    for (int i = 0; i < levels.length; i++) {
      int end = Math.min(samples.length, (i + 1) * frame);
      double energy = 0;
      for (int s = i * frame; s < end; s++) {
        energy += (double) samples[s] * samples[s];
      }
      levels[i] = 10 * Math.log10(energy / (end - i * frame) + 1e-10);
    }
    return levels;
  }

  private static int edge(double[] levels, int from, int step, double least, int pause) {
    int edge = from;
    for (int i = from; i >= 0 && i < levels.length && Math.abs(i - edge) <= pause; i += step) {
      edge = levels[i] >= least ? i : edge;
    }
    return edge;
  }

  int length() {
    return end - start;
  }

  /** The samples between. */
  float[] of(float[] samples) {
    return Arrays.copyOfRange(samples, start, end);
  }
}

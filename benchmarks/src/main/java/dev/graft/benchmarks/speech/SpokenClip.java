package dev.graft.benchmarks.speech;

import java.util.Arrays;
import java.util.Optional;

/** What a synthesizer said, made a clip of 16 kHz with little silence around it. Stateless. */
final class SpokenClip {
  private static final double SILENCE_KEPT_SECONDS = 0.06;
  private static final double FRAME_SECONDS = 0.01;

  /** Frames this much below the loudest are silence; weak fricatives are some 35 dB below. */
  private static final double SILENCE_BELOW_LOUDEST = Math.pow(10, -42 / 20.0);

  /** So many frames at each end tell how loud the silence is. */
  private static final int EDGE_FRAMES = 4;

  private static final double ABOVE_NOISE = Math.pow(10, 8 / 20.0);

  /** Speech that begins at once is no noise: above this nothing counts as silence. */
  private static final double LOUDEST_NOISE = Math.pow(10, -30 / 20.0);

  /** Below this, about -66 dB of full scale, nothing was said. */
  private static final double AUDIBLE = 5e-4;

  private static final double SHORTEST_SPEECH_SECONDS = 0.08;

  /** Resampling overshoots where a synthesizer drives its output to full scale. */
  private static final float HIGHEST_PEAK = 0.98f;

  private SpokenClip() {}

  /**
   * Brings speech to 16 kHz, plays it faster by the change of the vocal tract, and cuts the silence
   * at both ends down to 60 ms.
   *
   * @return the clip as loud as it was said, unless that would clip; empty if nothing was said
   */
  static Optional<Waveform> of(Waveform said, double tract) {
    float[] samples =
        SincResampler.resample(said.samples(), tract * said.rate() / (double) Waveform.RATE);
    int frame = (int) (FRAME_SECONDS * Waveform.RATE);
    double[] levels = new double[samples.length / frame];
    double loudest = 0;
    for (int i = 0; i < levels.length; i++) {
      levels[i] = rms(samples, i * frame, (i + 1) * frame);
      loudest = Math.max(loudest, levels[i]);
    }
    int first = 0;
    double atStart = threshold(levels, 0, loudest);
    while (first < levels.length && levels[first] < atStart) {
      first++;
    }
    int last = levels.length - 1;
    double atEnd = threshold(levels, levels.length - EDGE_FRAMES, loudest);
    while (last >= first && levels[last] < atEnd) {
      last--;
    }
    if ((last - first + 1) * FRAME_SECONDS < SHORTEST_SPEECH_SECONDS) {
      return Optional.empty();
    }
    int kept = (int) (SILENCE_KEPT_SECONDS * Waveform.RATE);
    int from = Math.max(0, first * frame - kept);
    int to = Math.min(samples.length, (last + 1) * frame + kept);
    Waveform clip = new Waveform(Arrays.copyOfRange(samples, from, to), Waveform.RATE);
    float peak = clip.peak();
    return Optional.of(peak > HIGHEST_PEAK ? clip.times(HIGHEST_PEAK / peak) : clip);
  }

  /**
   * Below which level frames are silence at an end. Voices cut from recordings have the noise of
   * their room there.
   *
   * @param from the first frame of those that lie at this end
   */
  private static double threshold(double[] levels, int from, double loudest) {
    double noise = 0;
    int first = Math.max(0, from);
    int end = Math.min(levels.length, first + EDGE_FRAMES);
    for (int i = first; i < end; i++) {
      noise += levels[i] / EDGE_FRAMES;
    }
    double aboveNoise = Math.min(ABOVE_NOISE * noise, loudest * LOUDEST_NOISE);
    return Math.max(Math.max(AUDIBLE, loudest * SILENCE_BELOW_LOUDEST), aboveNoise);
  }

  /** The root of the mean square of some samples. */
  static double rms(float[] samples, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += samples[i] * samples[i];
    }
    return Math.sqrt(sum / Math.max(1, to - from));
  }
}

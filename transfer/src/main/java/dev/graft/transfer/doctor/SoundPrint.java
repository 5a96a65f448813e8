package dev.graft.transfer.doctor;

import dev.graft.data.audio.Sonogram;
import dev.graft.data.audio.Waveform;
import dev.graft.data.audio.WaveformLikeness;
import java.util.Arrays;

/**
 * A recording as far as copies of it are alike: its first {@value #MOST_SECONDS} s at {@value
 * #RATE} samples a second in 16 bits, and the levels of its bands over time. Immutable.
 */
final class SoundPrint {
  static final int RATE = 8_000;
  static final int MOST_SECONDS = 4;
  static final int WIDTH = 2 * SoundPrint.BANDS;

  private static final int BANDS = 20;
  private static final Sonogram.Grid GRID = new Sonogram.Grid(0.02, BANDS, 100, 3_800);

  /** What lies further below the loudest place is taken for noise. */
  private static final float RANGE_DECIBELS = 25;

  /** Shifts of copies against each other, in frames. */
  private static final int MOST_LAG = 50;

  /** Longer than the periods of voices. */
  private static final int REPEATED_MILLIS = 20;

  private final short[] samples;
  private final float[][] levels;

  private SoundPrint(short[] samples, float[][] levels) {
    this.samples = samples;
    this.levels = levels;
  }

  /** Of a recording at the {@link #RATE}. */
  static SoundPrint of(Waveform clip) {
    float[] heard =
        Arrays.copyOf(clip.samples(), Math.min(clip.samples().length, MOST_SECONDS * RATE));
    float peak = 1e-9f;
    for (float sample : heard) {
      peak = Math.max(peak, Math.abs(sample));
    }
    short[] samples = new short[heard.length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (short) Math.round(heard[i] / peak * Short.MAX_VALUE);
    }
    return new SoundPrint(samples, levels(Sonogram.of(new Waveform(heard, RATE), GRID)));
  }

  /** Levels [frames][bands] in decibels above the floor of the recording. */
  private static float[][] levels(Sonogram sound) {
    float floor = sound.loudest() - RANGE_DECIBELS;
    float[][] levels = new float[sound.frames()][BANDS];
    for (int t = 0; t < levels.length; t++) {
      for (int band = 0; band < BANDS; band++) {
        levels[t][band] = Math.max(0, sound.decibels(t, band) - floor);
      }
    }
    return levels;
  }

  /**
   * What shifts do not change, of length 1: mean and deviation of each band over the frames that
   * hold anything, less the mean of all.
   */
  float[] unit() {
    double[] sums = new double[BANDS];
    double[] squares = new double[BANDS];
    int heard = 0;
    for (float[] frame : levels) {
      boolean holds = false;
      for (float level : frame) {
        holds |= level > 0;
      }
      heard += holds ? 1 : 0;
      for (int band = 0; band < BANDS; band++) {
        sums[band] += frame[band];
        squares[band] += (double) frame[band] * frame[band];
      }
    }
    double[] values = new double[WIDTH];
    double mean = 0;
    for (int band = 0; band < BANDS; band++) {
      double own = sums[band] / Math.max(1, heard);
      values[band] = own;
      values[BANDS + band] = Math.sqrt(Math.max(0, squares[band] / Math.max(1, heard) - own * own));
      mean += (values[band] + values[BANDS + band]) / WIDTH;
    }
    double length = 0;
    for (double value : values) {
      length += (value - mean) * (value - mean);
    }
    float[] unit = new float[WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      unit[i] = length < 1e-6 ? 0 : (float) ((values[i] - mean) / Math.sqrt(length));
    }
    return unit;
  }

  /**
   * The largest correlation of the levels of both, -1 to 1, over shifts of up to 1 s that leave at
   * least half of the shorter one: quick, and high for all copies.
   */
  double likeLevels(SoundPrint other) {
    int most = Math.min(MOST_LAG, Math.min(levels.length, other.levels.length) / 2);
    double best = -1;
    for (int lag = -most; lag <= most; lag++) {
      best = Math.max(best, correlation(other, lag));
    }
    return best;
  }

  private double correlation(SoundPrint other, int lag) {
    int from = Math.max(0, -lag);
    int to = Math.min(levels.length, other.levels.length - lag);
    double sumA = 0;
    double sumB = 0;
    double squareA = 0;
    double squareB = 0;
    double product = 0;
    for (int t = from; t < to; t++) {
      float[] one = levels[t];
      float[] two = other.levels[t + lag];
      for (int band = 0; band < BANDS; band++) {
        float a = one[band];
        float b = two[band];
        sumA += a;
        sumB += b;
        squareA += (double) a * a;
        squareB += (double) b * b;
        product += (double) a * b;
      }
    }
    int count = Math.max(1, (to - from) * BANDS);
    double varianceA = squareA - sumA * sumA / count;
    double varianceB = squareB - sumB * sumB / count;
    return varianceA <= 1e-6 || varianceB <= 1e-6
        ? 0
        : (product - sumA * sumB / count) / Math.sqrt(varianceA * varianceB);
  }

  /** How alike the waveforms are, 0 to 1; {@link WaveformLikeness} has the formula. */
  double likeness(SoundPrint other) {
    return WaveformLikeness.of(floats(), other.floats());
  }

  /** How alike it is and itself later, 0 to 1. */
  double repetition() {
    return WaveformLikeness.ofItself(floats(), RATE * REPEATED_MILLIS / 1000);
  }

  private float[] floats() {
    float[] values = new float[samples.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = samples[i];
    }
    return values;
  }
}

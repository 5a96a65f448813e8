package dev.graft.data.audio;

import java.util.Arrays;

/**
 * Changes the length of a sound and keeps its pitch: overlapping pieces are laid at another
 * distance, each chosen near its place so that it goes on where the one before would have (WSOLA;
 * Verhelst and Roelands, 1993).
 */
final class TimeStretch {
  private static final double FRAME_SECONDS = 0.032;
  private static final double SEARCH_SECONDS = 0.010;
  private static final int COARSE_STEP = 4;

  private final float[] samples;
  private final int frame;
  private final int hop;
  private final int search;
  private final int margin;

  private TimeStretch(float[] samples, int sampleRate) {
    this.hop = Math.max(8, (int) (FRAME_SECONDS * sampleRate / 2));
    this.frame = 2 * hop;
    this.search = Math.max(COARSE_STEP, (int) (SEARCH_SECONDS * sampleRate));
    this.margin = 2 * frame + search;
    // Zeros around it keep the inner loops free of bounds.
    this.samples = new float[samples.length + 2 * margin];
    System.arraycopy(samples, 0, this.samples, margin, samples.length);
  }

  /** The sound brought to another length. */
  static float[] to(float[] samples, int newLength, int sampleRate) {
    if (samples.length == 0 || newLength == samples.length) {
      return Arrays.copyOf(samples, newLength);
    }
    return new TimeStretch(samples, sampleRate).run(samples.length, newLength);
  }

  private float[] run(int length, int newLength) {
    float[] out = new float[newLength + 2 * frame];
    double ratio = (double) length / newLength;
    // The first piece is laid half a frame early, so that the sum of the windows is 1 from 0 on.
    int chosen = margin - hop;
    for (int at = 0; at < newLength + hop; at += hop) {
      if (at > 0) {
        int natural = chosen + hop;
        int wanted = margin - hop + (int) Math.round(at * ratio);
        chosen = best(natural, wanted);
      }
      for (int i = 0; i < frame; i++) {
        double hann = 0.5 - 0.5 * Math.cos(2 * Math.PI * (i + 0.5) / frame);
        out[at + i] += (float) (hann * samples[chosen + i]);
      }
    }
    return Arrays.copyOfRange(out, hop, hop + newLength);
  }

  /** The piece near the wanted place that is most like the natural continuation. */
  private int best(int natural, int wanted) {
    int from = clamp(wanted - search);
    int to = clamp(wanted + search);
    int base = clamp(natural);
    int coarse = bestOf(base, from, to, COARSE_STEP);
    return bestOf(
        base, Math.max(from, coarse - COARSE_STEP + 1), Math.min(to, coarse + COARSE_STEP - 1), 1);
  }

  private int clamp(int place) {
    return Math.max(0, Math.min(samples.length - frame, place));
  }

  private int bestOf(int base, int from, int to, int step) {
    int best = from;
    double highest = Double.NEGATIVE_INFINITY;
    // Where steps are coarse, every other sample tells as much.
    int stride = step > 1 ? 2 : 1;
    for (int place = from; place <= to; place += step) {
      double product = 0;
      double energy = 1e-9;
      for (int i = 0; i < frame; i += stride) {
        double value = samples[place + i];
        product += value * samples[base + i];
        energy += value * value;
      }
      double likeness = product / Math.sqrt(energy);
      if (likeness > highest) {
        highest = likeness;
        best = place;
      }
    }
    return best;
  }
}

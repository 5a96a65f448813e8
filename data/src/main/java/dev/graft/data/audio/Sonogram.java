package dev.graft.data.audio;

import java.util.Arrays;

/**
 * How loud a recording is over time and pitch, for looking at and comparing.
 *
 * <p>Of frames under a Hann window (periodic), the mean square that lies in bands whose edges have
 * equal distances on the scale {@code 1127 ln(1 + f / 700)}, in decibels: 0 dB is a mean square of
 * 1, a sine of full scale has -3 dB, and nothing is below {@value #FLOOR_DECIBELS} dB. A band
 * narrower than a bin of the transform gets its share of the nearest one. Immutable and
 * thread-safe.
 */
public final class Sonogram {
  /** What silence has. */
  public static final float FLOOR_DECIBELS = -120;

  /** What lies further below the loudest place is as dark as silence. */
  private static final double RANGE_DECIBELS = 60;

  /** Below this, the loudest place of a recording is no sound. */
  private static final double SILENT_DECIBELS = -85;

  private static final double SHORTEST_FRAME_SECONDS = 0.025;

  /** Frames overlap at least by a third. */
  private static final double FRAME_OF_HOP = 1.5;

  private final int frames;
  private final int bands;
  private final float[] decibels;
  private final float loudest;

  private Sonogram(int frames, int bands, float[] decibels) {
    this.frames = frames;
    this.bands = bands;
    this.decibels = decibels;
    float largest = FLOOR_DECIBELS;
    for (float level : decibels) {
      largest = Math.max(largest, level);
    }
    this.loudest = largest;
  }

  /**
   * How finely a recording is looked at.
   *
   * @param hopSeconds time from one frame to the next, 0.001 to 60; a frame has 25 ms, or one and a
   *     half times that where it is more
   * @param bands their number, 1 to 512
   * @param lowest lower edge of the lowest band in hertz, at least 0
   * @param highest upper edge of the highest band in hertz; what lies above half the recording's
   *     rate is silent
   */
  public record Grid(double hopSeconds, int bands, double lowest, double highest) {
    /** Checks the ranges. */
    public Grid {
      require("hopSeconds", hopSeconds, 0.001, 60);
      require("bands", bands, 1, 512);
      require("lowest", lowest, 0, 384_000);
      require("highest", highest, lowest + 1, 384_000);
    }

    private static void require(String name, double value, double least, double most) {
      if (!(value >= least && value <= most)) {
        throw new IllegalArgumentException(
            "sonogram, " + name + ": expected " + least + " to " + most + ", found " + value);
      }
    }
  }

  /** Looks at a whole recording; one that is shorter than a frame has one frame. */
  public static Sonogram of(Waveform clip, Grid grid) {
    float[] samples = clip.samples();
    int hop = Math.max(1, (int) Math.round(grid.hopSeconds * clip.sampleRate()));
    int shortest = (int) Math.round(SHORTEST_FRAME_SECONDS * clip.sampleRate());
    int frame = Math.max(2, Math.max(shortest, (int) Math.round(FRAME_OF_HOP * hop)));
    int frames = samples.length <= frame ? 1 : (samples.length - frame) / hop + 1;
    Fft fft = Fft.atLeast(2 * frame);
    double[] window = window(frame);
    double scale = 2 / (fft.size() * Arrays.stream(window).map(w -> w * w).sum());
    float[] decibels = new float[Math.multiplyExact(frames, grid.bands)];
    double[] edgeBins = edgeBins(grid, clip.sampleRate(), fft.size());
    double[] real = new double[fft.size()];
    double[] imaginary = new double[fft.size()];
    double[] powers = new double[fft.size() / 2 + 1];
    for (int t = 0; t < frames; t++) {
      Arrays.fill(real, 0);
      Arrays.fill(imaginary, 0);
      int count = Math.min(frame, samples.length - t * hop);
      for (int i = 0; i < count; i++) {
        real[i] = samples[t * hop + i] * window[i];
      }
      fft.forward(real, imaginary);
      for (int bin = 0; bin < powers.length; bin++) {
        powers[bin] = scale * (real[bin] * real[bin] + imaginary[bin] * imaginary[bin]);
      }
      for (int band = 0; band < grid.bands; band++) {
        double power = power(powers, edgeBins[band], edgeBins[band + 1]);
        decibels[t * grid.bands + band] =
            (float) Math.max(FLOOR_DECIBELS, 10 * Math.log10(Math.max(power, 1e-30)));
      }
    }
    return new Sonogram(frames, grid.bands, decibels);
  }

  private static double[] window(int frame) {
    double[] window = new double[frame];
    for (int i = 0; i < frame; i++) {
      window[i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / frame);
    }
    return window;
  }

  /** Where bands begin and end, in bins of the transform. */
  private static double[] edgeBins(Grid grid, int rate, int fft) {
    double from = mel(grid.lowest);
    double step = (mel(grid.highest) - from) / grid.bands;
    double[] edges = new double[grid.bands + 1];
    for (int i = 0; i < edges.length; i++) {
      edges[i] = hertz(from + i * step) * fft / rate;
    }
    return edges;
  }

  /** Where a frequency lies on the scale on which all bands are equally wide. */
  public static double mel(double hertz) {
    return 1127 * Math.log1p(hertz / 700);
  }

  /** The frequency of a place on that scale. */
  public static double hertz(double mel) {
    return 700 * Math.expm1(mel / 1127);
  }

  /** The sum of the bins whose centres lie in a band, or its share of the nearest bin. */
  private static double power(double[] powers, double from, double to) {
    int first = (int) Math.ceil(from);
    int end = (int) Math.ceil(to);
    if (first < end) {
      double sum = 0;
      for (int bin = first; bin < Math.min(end, powers.length); bin++) {
        sum += powers[bin];
      }
      return sum;
    }
    int nearest = (int) Math.round((from + to) / 2);
    return nearest < powers.length ? powers[nearest] * (to - from) : 0;
  }

  /** The number of frames. */
  public int frames() {
    return frames;
  }

  /** The number of bands. */
  public int bands() {
    return bands;
  }

  /**
   * The level of a band in a frame, in decibels.
   *
   * @param band 0 for the lowest
   */
  public float decibels(int frame, int band) {
    return decibels[frame * bands + band];
  }

  /**
   * How light a place is drawn: 1 for the loudest of the recording, 0 from 60 dB below it on, and
   * where the recording is silent.
   *
   * @param band 0 for the lowest
   */
  public double lightness(int frame, int band) {
    return loudest < SILENT_DECIBELS
        ? 0
        : Math.max(0, 1 + (decibels(frame, band) - loudest) / RANGE_DECIBELS);
  }

  /** The largest level, in decibels. */
  public float loudest() {
    return loudest;
  }
}

package dev.graft.data.audio;

import java.util.Arrays;
import java.util.List;

/**
 * Takes stretches of time and ranges of pitch out of one recording, again and again, each time from
 * the whole of it.
 *
 * <p>The short-time spectrum (frames of 32 ms or a little more, root-Hann windows before and behind
 * that overlap by half, so that the frames add up to the recording) is computed once; what is taken
 * out is 0 in it. A frame counts to the stretch in which its centre lies. Not thread-safe.
 */
public final class SoundEraser {
  private static final double FRAME_SECONDS = 0.032;

  private final Waveform whole;
  private final Fft fft;
  private final double[] window;
  private final int hop;
  private final int frames;
  private final float[] real;
  private final float[] imaginary;

  /**
   * What is taken out; what lies beyond the recording or above half its rate takes nothing.
   *
   * @param fromSeconds start from the beginning of the recording
   * @param toSeconds end, not included
   * @param fromHertz lowest frequency
   * @param toHertz end of the frequencies, not included
   */
  public record Area(double fromSeconds, double toSeconds, double fromHertz, double toHertz) {}

  private SoundEraser(Waveform whole) {
    this.whole = whole;
    this.fft = Fft.atLeast((int) Math.round(FRAME_SECONDS * whole.sampleRate()));
    this.hop = fft.size() / 2;
    this.window = new double[fft.size()];
    for (int i = 0; i < window.length; i++) {
      window[i] = Math.sin(Math.PI * (i + 0.5) / window.length);
    }
    this.frames = whole.samples().length / hop + 2;
    this.real = new float[Math.multiplyExact(frames, bins())];
    this.imaginary = new float[real.length];
  }

  /** Looks at a recording, which must not change from then on. */
  public static SoundEraser of(Waveform recording) {
    SoundEraser eraser = new SoundEraser(recording);
    eraser.analyse();
    return eraser;
  }

  private int bins() {
    return hop + 1;
  }

  /** The sample at which a frame begins; the first lies half before the recording. */
  private int start(int frame) {
    return (frame - 1) * hop;
  }

  private void analyse() {
    float[] samples = whole.samples();
    double[] re = new double[fft.size()];
    double[] im = new double[fft.size()];
    for (int frame = 0; frame < frames; frame++) {
      for (int i = 0; i < re.length; i++) {
        int at = start(frame) + i;
        re[i] = at >= 0 && at < samples.length ? samples[at] * window[i] : 0;
        im[i] = 0;
      }
      fft.forward(re, im);
      for (int bin = 0; bin < bins(); bin++) {
        real[frame * bins() + bin] = (float) re[bin];
        imaginary[frame * bins() + bin] = (float) im[bin];
      }
    }
  }

  /** A copy of the recording without some areas, which may overlap. */
  public Waveform without(List<Area> areas) {
    float[] left = whole.samples().clone();
    double[] re = new double[fft.size()];
    double[] im = new double[fft.size()];
    boolean[] taken = new boolean[bins()];
    for (int frame = 0; frame < frames; frame++) {
      if (!mark(areas, frame, taken)) {
        continue;
      }
      for (int bin = 0; bin < bins(); bin++) {
        int mirrored = (re.length - bin) % re.length;
        re[bin] = taken[bin] ? real[frame * bins() + bin] : 0;
        im[bin] = taken[bin] ? imaginary[frame * bins() + bin] : 0;
        re[mirrored] = re[bin];
        im[mirrored] = bin == mirrored ? im[bin] : -im[bin];
      }
      fft.inverse(re, im);
      int start = start(frame);
      for (int i = Math.max(0, -start); i < re.length && start + i < left.length; i++) {
        left[start + i] -= (float) (re[i] * window[i]);
      }
    }
    return new Waveform(left, whole.sampleRate());
  }

  /** Marks the bins of a frame that are taken out; whether there are any. */
  private boolean mark(List<Area> areas, int frame, boolean[] taken) {
    double centre = (double) (start(frame) + hop) / whole.sampleRate();
    double binsPerHertz = (double) fft.size() / whole.sampleRate();
    Arrays.fill(taken, false);
    boolean any = false;
    for (Area area : areas) {
      if (centre < area.fromSeconds || centre >= area.toSeconds) {
        continue;
      }
      int from = (int) Math.max(0, Math.ceil(area.fromHertz * binsPerHertz));
      int to = (int) Math.min(taken.length, Math.ceil(area.toHertz * binsPerHertz));
      for (int bin = from; bin < to; bin++) {
        taken[bin] = true;
        any = true;
      }
    }
    return any;
  }
}

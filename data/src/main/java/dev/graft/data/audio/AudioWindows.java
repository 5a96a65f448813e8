package dev.graft.data.audio;

import java.util.Arrays;

/**
 * Where a clip lies in the windows of fixed length that a backbone takes.
 *
 * <p>A clip that fits is one window, the clip in its middle: floor((window - samples) / 2) zeros
 * before it, the rest behind. A longer one is cut into windows that are spread evenly over it, the
 * first flush with its start and the last with its end: as few as lie no more than half a window
 * apart, so that whatever is shorter than that is whole in one of them, but {@value #MOST} at most.
 * With those, nothing of up to {@value #MOST} windows' length is skipped. Immutable and
 * thread-safe.
 *
 * @param windowSamples samples of a window, 16 to 64 million
 */
public record AudioWindows(int windowSamples) {
  /** The most windows of a clip. */
  public static final int MOST = 32;

  public AudioWindows {
    AudioPreprocessing.requireWindow(windowSamples);
  }

  /** The number of windows of a clip: 1, or ceil((samples - window) / (window / 2)) + 1. */
  public int count(int samples) {
    int beyond = samples - windowSamples;
    int half = windowSamples / 2;
    return beyond <= 0 ? 1 : (int) Math.min(MOST, ((long) beyond + half - 1) / half + 1);
  }

  /** The sample of the clip at which a window begins; negative where zeros come first. */
  public int start(int samples, int index) {
    int count = count(samples);
    if (index < 0 || index >= count) {
      throw new IndexOutOfBoundsException(
          "window: expected 0 to " + (count - 1) + ", found " + index);
    }
    int beyond = samples - windowSamples;
    return beyond <= 0 ? -(-beyond / 2) : (int) ((long) index * beyond / (count - 1));
  }

  /** Writes one window of a clip from the offset on. */
  public void write(float[] samples, int index, float[] out, int offset) {
    int start = start(samples.length, index);
    int lead = Math.max(0, -start);
    int first = Math.max(0, start);
    int count = Math.min(windowSamples - lead, samples.length - first);
    Arrays.fill(out, offset, offset + lead, 0f);
    System.arraycopy(samples, first, out, offset + lead, count);
    Arrays.fill(out, offset + lead + count, offset + windowSamples, 0f);
  }

  /** The window in the middle of a clip: the whole of one that fits, with zeros on both sides. */
  public float[] middle(float[] samples) {
    float[] out = new float[windowSamples];
    int beyond = Math.max(0, (samples.length - windowSamples) / 2);
    int lead = Math.max(0, (windowSamples - samples.length) / 2);
    int count = Math.min(windowSamples, samples.length);
    System.arraycopy(samples, beyond, out, lead, count);
    return out;
  }

  /** All windows of a clip: [count, windowSamples], row-major. */
  public float[] all(float[] samples) {
    int count = count(samples.length);
    float[] out = new float[Math.multiplyExact(count, windowSamples)];
    for (int i = 0; i < count; i++) {
      write(samples, i, out, i * windowSamples);
    }
    return out;
  }
}

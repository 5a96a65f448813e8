package dev.graft.data.audio;

import java.util.Arrays;

/**
 * Where a clip lies in the windows of fixed length that a backbone takes.
 *
 * <p>A clip that fits is one window, the clip in its middle: floor((window - samples) / 2) zeros
 * before it, the rest behind. A longer one is cut into windows of which each begins half a window
 * after the one before; the last is flush with the end. Nothing is trimmed. Immutable and
 * thread-safe.
 *
 * @param windowSamples samples of a window, 16 to 64 million
 */
public record AudioWindows(int windowSamples) {
  public AudioWindows {
    AudioPreprocessing.requireWindow(windowSamples);
  }

  /** The number of windows of a clip: 1, or ceil((samples - window) / hop) + 1. */
  public int count(int samples) {
    int beyond = samples - windowSamples;
    return beyond <= 0 ? 1 : (beyond + hop() - 1) / hop() + 1;
  }

  /** The sample of the clip at which a window begins; negative where zeros come first. */
  public int start(int samples, int index) {
    if (index < 0 || index >= count(samples)) {
      throw new IndexOutOfBoundsException(
          "window: expected 0 to " + (count(samples) - 1) + ", found " + index);
    }
    int beyond = samples - windowSamples;
    return beyond <= 0 ? -(-beyond / 2) : Math.min(index * hop(), beyond);
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

  /** All windows of a clip: [count, windowSamples], row-major. */
  public float[] all(float[] samples) {
    int count = count(samples.length);
    float[] out = new float[Math.multiplyExact(count, windowSamples)];
    for (int i = 0; i < count; i++) {
      write(samples, i, out, i * windowSamples);
    }
    return out;
  }

  private int hop() {
    return windowSamples / 2;
  }
}

package dev.graft.data.audio;

/**
 * Sound of one channel.
 *
 * <p>Full scale is [-1, 1]; filters and lossy codecs may overshoot it a little. The array is the
 * waveform's own and is not copied: who changes it changes the waveform.
 *
 * @param samples the samples in their order
 * @param sampleRate samples per second, 1,000 to 768,000
 */
public record Waveform(float[] samples, int sampleRate) {
  public Waveform {
    if (sampleRate < AudioDecoder.LOWEST_RATE || sampleRate > AudioDecoder.HIGHEST_RATE) {
      throw new IllegalArgumentException(
          "waveform, sample rate: expected 1000 to 768000 Hz, found " + sampleRate);
    }
  }

  /**
   * The same sound at another rate; what a lower one cannot hold is filtered out.
   *
   * @param rate samples per second, 1,000 to 768,000
   */
  public Waveform atRate(int rate) {
    return new Waveform(Resampler.resample(samples, sampleRate, rate), rate);
  }

  /** The length in seconds. */
  public double seconds() {
    return (double) samples.length / sampleRate;
  }
}

package dev.graft.onnx.frontend;

/**
 * How samples are cut into frames, of which frame t begins {@code t hop + lead} samples after the
 * (padded) start.
 *
 * @param length of a frame in samples
 * @param hop samples from one frame to the next
 * @param fft points of the Fourier transform, a multiple of 4 and at least {@code length}
 * @param lead samples before the first frame that are left out, as many as after the last one
 * @param reflected samples that are laid before the start, mirrored, and {@code reflected - hop}
 *     after the end, so that frame t is centred on sample t hop
 */
record Frames(int length, int hop, int fft, int lead, int reflected) {
  /** Frames that lie within the samples. */
  static Frames within(int length, int hop, int fft) {
    return new Frames(length, hop, fft, 0, 0);
  }

  /** Frames of the length of the transform around every hop-th sample, except for the last. */
  static Frames centred(int fft, int hop) {
    return new Frames(fft, hop, fft, 0, fft / 2);
  }

  /** Number of frames; 0 or less where there are too few samples. */
  int count(int samples) {
    return Math.floorDiv(samples + padding() - 2 * lead - length, hop) + 1;
  }

  /** The least number of samples that give so many frames. */
  int samplesFor(int count) {
    return Math.addExact(Math.multiplyExact(count - 1, hop), length + 2 * lead - padding());
  }

  /** The least number of samples that a frame can be made of. */
  int leastSamples() {
    // A mirror shows no more than what stands before it.
    return Math.max(samplesFor(1), reflected + 1);
  }

  private int padding() {
    return reflected == 0 ? 0 : 2 * reflected - hop;
  }
}

package dev.graft.onnx.frontend;

/**
 * What a front end computes, step by step.
 *
 * @param rate samples in a second
 * @param scale factor on the samples
 * @param energy of a bin
 * @param bank filters over the bins
 * @param compression what is made of the energies in the bands
 */
record Spectrogram(
    int rate,
    Frames frames,
    Window window,
    Conditioning conditioning,
    double scale,
    Energy energy,
    MelBank bank,
    Compression compression) {
  /** What is laid over a frame. */
  enum Window {
    /** {@code (1 - cos(2 pi n / L)) / 2}. */
    HANN_PERIODIC,
    /** {@code (1 - cos(2 pi n / (L - 1))) / 2}. */
    HANN_SYMMETRIC;

    double[] values(int length) {
      int period =
          switch (this) {
            case HANN_PERIODIC -> length;
            case HANN_SYMMETRIC -> length - 1;
          };
      double[] values = new double[length];
      for (int n = 0; n < length; n++) {
        values[n] = 0.5 - 0.5 * Math.cos(2 * Math.PI * n / period);
      }
      return values;
    }
  }

  /** What is taken of a complex number. */
  enum Energy {
    MAGNITUDE,
    POWER
  }
}

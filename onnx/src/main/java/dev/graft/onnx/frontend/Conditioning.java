package dev.graft.onnx.frontend;

/** What is done to a frame before its window is laid over it. */
enum Conditioning {
  /** Nothing. */
  NONE,
  /**
   * Kaldi's (compute-fbank-feats): the mean of the frame is taken off, then {@code y[n] = x[n] -
   * 0.97 x[n-1]}, with x[0] for x[-1].
   */
  MEAN_REMOVED_AND_PRE_EMPHASISED;

  private static final double PRE_EMPHASIS = 0.97;

  /** The kernel k' for which the product with a frame is that of k with the conditioned frame. */
  double[] folded(double[] kernel) {
    return switch (this) {
      case NONE -> kernel;
      case MEAN_REMOVED_AND_PRE_EMPHASISED -> withoutMean(preEmphasised(kernel));
    };
  }

  private static double[] preEmphasised(double[] kernel) {
    double[] result = kernel.clone();
    result[0] -= PRE_EMPHASIS * kernel[0];
    for (int n = 0; n + 1 < kernel.length; n++) {
      result[n] -= PRE_EMPHASIS * kernel[n + 1];
    }
    return result;
  }

  private static double[] withoutMean(double[] kernel) {
    double mean = 0;
    for (double value : kernel) {
      mean += value / kernel.length;
    }
    double[] result = kernel.clone();
    for (int n = 0; n < result.length; n++) {
      result[n] -= mean;
    }
    return result;
  }
}

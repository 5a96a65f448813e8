package dev.graft.engine;

import dev.graft.onnx.OnnxModel;

/**
 * Whether brain floats are good enough for a frozen network: the features of a few examples are
 * computed both ways and compared.
 *
 * @param precision what to use
 * @param cosine the least cosine between the features of one example in fp32 and in bf16; NaN where
 *     bf16 was not tried
 * @param reason one sentence for people
 */
public record PrecisionProof(Precision precision, double cosine, String reason) {
  /** Features of an example must agree at least so well. */
  public static final double LEAST_COSINE = 0.999;

  /**
   * Chooses the precision for a model on this processor.
   *
   * @param examples a few real inputs of the model
   */
  public static PrecisionProof of(OnnxModel model, FloatTensor examples) {
    if (!Processor.hasBrainFloatUnits()) {
      return new PrecisionProof(
          Precision.FP32, Double.NaN, "fp32: this processor has no units for bf16");
    }
    double cosine;
    try (Network exact = Network.load(model, Precision.FP32);
        Network fast = Network.load(model, Precision.BF16)) {
      cosine = leastCosine(exact.run(examples), fast.run(examples));
    }
    return ofCosine(cosine, cosine >= LEAST_COSINE);
  }

  /** What an earlier proof found. */
  public static PrecisionProof ofCosine(double cosine, boolean agrees) {
    return agrees
        ? new PrecisionProof(
            Precision.BF16,
            cosine,
            String.format(
                java.util.Locale.ROOT, "bf16: features agree with fp32 (cosine %.5f)", cosine))
        : new PrecisionProof(
            Precision.FP32,
            cosine,
            String.format(
                java.util.Locale.ROOT,
                "fp32: in bf16 the features would differ (cosine %.5f, wanted %.3f)",
                cosine,
                LEAST_COSINE));
  }

  static double leastCosine(FloatTensor left, FloatTensor right) {
    double least = 1;
    int width = left.width();
    for (int row = 0; row < left.rows(); row++) {
      double product = 0;
      double leftSquare = 0;
      double rightSquare = 0;
      for (int i = row * width; i < (row + 1) * width; i++) {
        product += (double) left.values()[i] * right.values()[i];
        leftSquare += (double) left.values()[i] * left.values()[i];
        rightSquare += (double) right.values()[i] * right.values()[i];
      }
      double norm = Math.sqrt(leftSquare * rightSquare);
      double cosine = norm == 0 ? (leftSquare == rightSquare ? 1 : 0) : product / norm;
      least = Double.isNaN(cosine) ? -1 : Math.min(least, cosine);
    }
    return least;
  }
}

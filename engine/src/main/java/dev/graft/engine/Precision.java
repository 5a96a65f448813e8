package dev.graft.engine;

/** The number format in which activations and matrix products are computed. */
public enum Precision {
  /** 32-bit floats throughout. */
  FP32,
  /**
   * 16-bit brain floats for weights and activations; master weights, losses and the statistics of
   * norms, softmax and means, and all of a {@linkplain dev.graft.onnx.FrontEndNodes front end} stay
   * in 32 bits. Fast where the processor has units for it.
   */
  BF16
}

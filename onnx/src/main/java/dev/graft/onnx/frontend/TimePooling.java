package dev.graft.onnx.frontend;

/** How the vectors that an encoder gives for times become one vector of features. */
public enum TimePooling {
  /** One after the other, [N, times * F]: keeps the order, for short words. */
  CONCATENATED,
  /** The mean, [N, F]. */
  MEAN,
  /** The mean and the standard deviation, [N, 2 F] (Snyder et al. 2018, "X-vectors"). */
  MEAN_AND_DEVIATION
}

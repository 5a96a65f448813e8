package dev.graft.onnx;

/** How the feature tensor becomes one vector [N, features] for each example. */
public enum Pooling {
  /** It has one vector for each example already: [N, F], or [N, F, 1, 1] to be flattened. */
  NONE,
  /**
   * The mean over all positions: [N, C, H, W] over H and W; [N, T, F] over T, weighted by the
   * attention mask where the model has one.
   */
  MEAN,
  /**
   * The mean over all positions, and behind it the standard deviation over them, {@code sqrt(mean
   * of (x - mean)^2 + 1e-5)}: twice as many features, which also tell how unevenly something is
   * spread (Snyder et al. 2018, "X-vectors"; for images the style statistics of Gatys et al. 2016
   * without their correlations).
   */
  MEAN_AND_DEVIATION,
  /** The first position of [N, T, F]. */
  CLASS_TOKEN
}

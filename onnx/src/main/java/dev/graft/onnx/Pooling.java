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
  /** The first position of [N, T, F]. */
  CLASS_TOKEN
}

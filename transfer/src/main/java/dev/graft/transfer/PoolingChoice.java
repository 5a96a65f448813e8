package dev.graft.transfer;

/** How the vectors that a backbone gives for places, times or tokens become one of features. */
public enum PoolingChoice {
  /** One after the other: keeps the order, for short windows of sound. */
  CONCATENATED,
  /** Their mean. */
  MEAN,
  /** Their mean and standard deviation: twice as many features. */
  MEAN_AND_DEVIATION,
  /** That of the first token of a text, or of the class token of an image. */
  CLASS_TOKEN
}

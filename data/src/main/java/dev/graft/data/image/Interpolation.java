package dev.graft.data.image;

/**
 * How an image is resampled; both widen with the scale when shrinking (antialiasing) and equal ONNX
 * Resize with {@code antialias=1} on float input.
 */
public enum Interpolation {
  /** Triangle filter; ONNX mode "linear". */
  BILINEAR,
  /**
   * Cubic convolution with a = -0.5 as in Pillow; ONNX mode "cubic" with {@code
   * cubic_coeff_a=-0.5}. Overshoot is not clipped.
   */
  BICUBIC
}

package dev.graft.data.image;

/** Brings whole images to another size; stateless and thread-safe. */
public final class Scaling {
  private Scaling() {}

  /**
   * The image stretched to a size: bilinear, with a filter that widens when shrinking.
   *
   * @param width at least 1
   * @param height at least 1
   */
  public static PixelImage to(PixelImage image, int width, int height) {
    if (width == image.width() && height == image.height()) {
      return image;
    }
    int area = Math.multiplyExact(width, height);
    float[] planes = new float[Math.multiplyExact(3, area)];
    AntialiasResampler.resample(
        image,
        AntialiasResampler.Window.stretched(image.height(), height, height),
        AntialiasResampler.Window.stretched(image.width(), width, width),
        Interpolation.BILINEAR,
        planes);
    byte[] rgb = new byte[planes.length];
    for (int i = 0; i < area; i++) {
      for (int c = 0; c < 3; c++) {
        rgb[3 * i + c] = (byte) Math.max(0, Math.min(255, Math.round(planes[c * area + i])));
      }
    }
    return new PixelImage(width, height, rgb);
  }
}

package dev.graft.data.image;

import dev.graft.data.Thumbnail;

/** Makes the thumbnails by which pictures are compared; stateless and thread-safe. */
public final class Thumbnails {
  private Thumbnails() {}

  /**
   * The picture at 8 x 8 pixels: luma (ITU-R BT.601) of the whole image, stretched, antialiased.
   */
  public static Thumbnail of(PixelImage image) {
    int side = Thumbnail.SIDE;
    int area = side * side;
    float[] planes = new float[3 * area];
    AntialiasResampler.resample(
        image,
        AntialiasResampler.Window.stretched(image.height(), side, side),
        AntialiasResampler.Window.stretched(image.width(), side, side),
        Interpolation.BILINEAR,
        planes);
    byte[] luma = new byte[area];
    for (int i = 0; i < area; i++) {
      luma[i] =
          (byte)
              Math.round(
                  0.299f * planes[i] + 0.587f * planes[area + i] + 0.114f * planes[2 * area + i]);
    }
    return new Thumbnail(luma);
  }
}

package dev.graft.data.image;

/**
 * Changes of brightness, contrast and saturation on planes of 0 to 255, in this order, clipped at
 * the end.
 */
final class ColourJitter {
  private ColourJitter() {}

  /**
   * v' = saturation(contrast(v * brightness)): contrast moves each value from the image's mean
   * luma, saturation from the pixel's own luma.
   *
   * @param planes [3, area], red, green, blue
   */
  static void apply(float[] planes, double brightness, double contrast, double saturation) {
    int area = planes.length / 3;
    double total = 0;
    for (int i = 0; i < area; i++) {
      total += luma(planes[i], planes[area + i], planes[2 * area + i]);
    }
    // contrast(b v) = (b v) k + (1 - k) mean(b v): one line for brightness and contrast.
    float gain = (float) (brightness * contrast);
    float shift = (float) ((1 - contrast) * brightness * total / area);
    float keep = (float) saturation;
    for (int i = 0; i < area; i++) {
      float red = planes[i] * gain + shift;
      float green = planes[area + i] * gain + shift;
      float blue = planes[2 * area + i] * gain + shift;
      float grey = (1 - keep) * luma(red, green, blue);
      planes[i] = clip(red * keep + grey);
      planes[area + i] = clip(green * keep + grey);
      planes[2 * area + i] = clip(blue * keep + grey);
    }
  }

  private static float luma(float red, float green, float blue) {
    return 0.299f * red + 0.587f * green + 0.114f * blue;
  }

  private static float clip(float value) {
    return Math.max(0, Math.min(255, value));
  }
}

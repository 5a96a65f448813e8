package dev.graft.data.image;

/**
 * Rotation and shift of planes at the size of the backbone's input, bilinear, with the edge pixels
 * repeated outside.
 */
final class Warp {
  private Warp() {}

  /**
   * Rotates about the centre, counter-clockwise, then shifts.
   *
   * @param planes [3, height, width]
   * @param radians the angle
   * @param shiftX to the right, in pixels
   * @param shiftY downward, in pixels
   * @param out [3, height, width]
   */
  static void rotateAndShift(
      float[] planes,
      int height,
      int width,
      double radians,
      double shiftX,
      double shiftY,
      float[] out) {
    float cosine = (float) Math.cos(radians);
    float sine = (float) Math.sin(radians);
    float centreX = (width - 1) / 2f;
    float centreY = (height - 1) / 2f;
    int area = height * width;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        // The inverse of the mapping, from the result back to the source.
        float dx = x - centreX - (float) shiftX;
        float dy = y - centreY - (float) shiftY;
        float fromX = clamp(cosine * dx - sine * dy + centreX, width - 1);
        float fromY = clamp(sine * dx + cosine * dy + centreY, height - 1);
        int left = (int) fromX;
        int top = (int) fromY;
        float rightWeight = fromX - left;
        float lowerWeight = fromY - top;
        int at = top * width + left;
        int right = left + 1 < width ? 1 : 0;
        int lower = top + 1 < height ? width : 0;
        for (int c = 0, plane = at; c < 3; c++, plane += area) {
          float upper = planes[plane] + rightWeight * (planes[plane + right] - planes[plane]);
          float below =
              planes[plane + lower]
                  + rightWeight * (planes[plane + lower + right] - planes[plane + lower]);
          out[c * area + y * width + x] = upper + lowerWeight * (below - upper);
        }
      }
    }
  }

  private static float clamp(float value, int most) {
    return Math.max(0, Math.min(most, value));
  }
}

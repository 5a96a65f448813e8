package dev.graft.data.image;

/** The size that a whole image is brought to before the crop. */
public sealed interface Resize {

  /**
   * Keeps the aspect: scale = max(n / height, n / width), sizes round(scale * size); ONNX Resize
   * with {@code keep_aspect_ratio_policy="not_smaller"} and sizes [n, n].
   *
   * @param pixels n, the shorter side afterwards, at least 1
   */
  record ShorterSide(int pixels) implements Resize {
    public ShorterSide {
      if (pixels < 1) {
        throw new IllegalArgumentException(
            "shorter side: expected at least 1 pixel, found " + pixels);
      }
    }
  }

  /**
   * Stretches to a fixed size whatever the aspect.
   *
   * @param height in pixels, at least 1
   * @param width in pixels, at least 1
   */
  record Exact(int height, int width) implements Resize {
    public Exact {
      if (height < 1 || width < 1) {
        throw new IllegalArgumentException(
            "exact size: expected at least 1x1 pixels, found height "
                + height
                + ", width "
                + width);
      }
    }
  }
}

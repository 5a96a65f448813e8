package dev.graft.data.image;

import dev.graft.data.DataException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Normalisations that many backbones share, by the names used for them. */
final class Presets {
  private static final List<String> NAMES =
      List.of("imagenet", "tf", "inception", "unit", "clip", "none");

  private Presets() {}

  static List<String> names() {
    return NAMES;
  }

  static ImagePreprocessing of(String name, int height, int width) {
    Resize margin =
        ImagePreprocessing.resizeFor(height, width, ImagePreprocessing.DEFAULT_CROP_FRACTION);
    return switch (name.strip().toLowerCase(Locale.ROOT)) {
      case "imagenet" ->
          rgb(
              margin,
              height,
              width,
              1f / 255,
              List.of(.485f, .456f, .406f),
              List.of(.229f, .224f, .225f));
      case "tf", "inception" -> rgb(margin, height, width, 1f / 127.5f, all(1f), all(1f));
      case "unit" -> rgb(margin, height, width, 1f / 255, all(0f), all(1f));
      case "clip" ->
          rgb(
                  ImagePreprocessing.resizeFor(height, width, 1),
                  height,
                  width,
                  1f / 255,
                  List.of(.481455f, .457828f, .408211f),
                  List.of(.26863f, .261303f, .275777f))
              .withInterpolation(Interpolation.BICUBIC);
      case "none" -> rgb(margin, height, width, 1f, all(0f), all(1f));
      default ->
          throw new DataException(
              "Unknown image preprocessing \""
                  + name
                  + "\"; known are "
                  + String.join(", ", NAMES)
                  + ". Choose one of these, or put a preprocessor_config.json beside the backbone.");
    };
  }

  private static List<Float> all(float value) {
    return Collections.nCopies(3, value);
  }

  private static ImagePreprocessing rgb(
      Resize resize, int height, int width, float scale, List<Float> mean, List<Float> deviation) {
    return new ImagePreprocessing(
        resize, height, width, Interpolation.BILINEAR, ChannelOrder.RGB, scale, mean, deviation);
  }
}

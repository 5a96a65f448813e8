package dev.graft.zoo.architecture;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.ValueInfo;
import java.util.OptionalInt;

/**
 * What a network of images takes and gives: "image" [N, 3, side, side] to "logits" [N, classes].
 *
 * @param side height and width of the images in pixels; empty where the network shall take images
 *     of any size, which only convolutional ones can
 * @param classes number of classes
 */
public record ImageTask(OptionalInt side, int classes) {
  /** The name of the input. */
  static final String INPUT = "image";

  /** The ImageNet challenge as most networks are trained for it: 224 pixels, 1,000 classes. */
  public static final ImageTask IMAGENET = of(224, 1000);

  /** Checks the ranges. */
  public ImageTask {
    if (side.orElse(1) < 1 || classes < 2) {
      throw new IllegalArgumentException(
          "a task needs a side of at least 1 pixel and 2 classes but has side "
              + (side.isPresent() ? side.getAsInt() : "any")
              + " and "
              + classes
              + " classes");
    }
  }

  /** Images of one size. */
  public static ImageTask of(int side, int classes) {
    return new ImageTask(OptionalInt.of(side), classes);
  }

  /** Images of any size. */
  public static ImageTask ofAnySide(int classes) {
    return new ImageTask(OptionalInt.empty(), classes);
  }

  /** The input "image" [N, 3, side, side], or of any height and width. */
  ValueInfo input() {
    return ValueInfo.of(
        INPUT,
        ElementType.FLOAT,
        Dimension.named("N"),
        Dimension.of(3),
        axis("height"),
        axis("width"));
  }

  /** The declared size of one of the two axes of the image. */
  private Dimension axis(String name) {
    return side.isPresent() ? Dimension.of(side.getAsInt()) : Dimension.named(name);
  }
}

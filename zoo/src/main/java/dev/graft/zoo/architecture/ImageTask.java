package dev.graft.zoo.architecture;

/**
 * What a network of images takes and gives: "image" [N, 3, side, side] to "logits" [N, classes].
 *
 * @param side height and width of the images in pixels
 * @param classes number of classes
 */
public record ImageTask(int side, int classes) {
  /** The ImageNet challenge as most networks are trained for it: 224 pixels, 1,000 classes. */
  public static final ImageTask IMAGENET = new ImageTask(224, 1000);

  /** Checks the ranges. */
  public ImageTask {
    if (side < 1 || classes < 2) {
      throw new IllegalArgumentException(
          "a task needs a side of at least 1 pixel and 2 classes but has side "
              + side
              + " and "
              + classes
              + " classes");
    }
  }
}

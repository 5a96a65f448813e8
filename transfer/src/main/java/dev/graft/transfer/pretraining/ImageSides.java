package dev.graft.transfer.pretraining;

/**
 * The side of the square training images by epoch: it grows evenly from the first to the last side
 * during the first three quarters of the epochs and then stays, in multiples of {@value #STEP}
 * pixels. Small images cost less and teach the coarse features first (Howard 2018, "Training
 * Imagenet in 3 hours"; Tan and Le 2021, "EfficientNetV2", section 4).
 *
 * @param first side in the first epoch, in pixels
 * @param last side in the last epochs, in pixels; each epoch is judged by whole images of it
 */
public record ImageSides(int first, int last) {
  private static final int STEP = 8;
  private static final double GROWING_SHARE = 0.75;
  private static final int SMALLEST = 8;
  private static final int LARGEST = 1024;

  /** Checks the range. */
  public ImageSides {
    if (first < SMALLEST || last < first || last > LARGEST) {
      throw new IllegalArgumentException(
          "image sides must rise within %d to %d pixels but go from %d to %d"
              .formatted(SMALLEST, LARGEST, first, last));
    }
  }

  /** The same side in all epochs. */
  public static ImageSides constant(int side) {
    return new ImageSides(side, side);
  }

  /**
   * The side in an epoch.
   *
   * @param epoch counted from 0
   */
  int of(int epoch, int epochs) {
    double progress = Math.min(1, epoch / Math.max(1, Math.floor(epochs * GROWING_SHARE)));
    if (progress == 1) {
      return last;
    }
    double wanted = first + progress * (last - first);
    long rounded = STEP * Math.round(wanted / STEP);
    return (int) Math.max(first, Math.min(last, rounded));
  }
}

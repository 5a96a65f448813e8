package dev.graft.data.image;

import dev.graft.data.ViewSeed;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Makes the random views of training images, the same ones again for the same seed, example and
 * view number.
 *
 * <p>View 0 is the plain preprocessed image. Every other view draws from a generator seeded by the
 * seed, the content hash of the example and the view number alone, so that views do not depend on
 * the order or thread in which they are made. Order of changes: random crop with mirroring,
 * rotation with translation (edges repeated), brightness, contrast, saturation, erasing,
 * normalisation. Thread-safe; each thread has scratch memory of its own.
 */
public final class Augmenter {
  private static final int CROP_ATTEMPTS = 10;

  private final ImagePreprocessing preprocessing;
  private final ImagePreprocessor preprocessor;
  private final Augmentation augmentation;
  private final long seed;

  /** An augmenter for the input of one backbone. */
  public Augmenter(ImagePreprocessing preprocessing, Augmentation augmentation, long seed) {
    this.preprocessing = preprocessing;
    this.preprocessor = new ImagePreprocessor(preprocessing);
    this.augmentation = augmentation;
    this.seed = seed;
  }

  /**
   * Writes one view of an image: [channels, cropHeight, cropWidth], row-major, normalised.
   *
   * @param contentHash the content hash of the example
   * @param view 0 for the plain image, any positive number for a random view
   * @param out receives {@link ImagePreprocessing#valueCount()} values from {@code offset} on
   */
  public void apply(PixelImage image, String contentHash, long view, float[] out, int offset) {
    if (view < 0) {
      throw new IllegalArgumentException("view: expected 0 or more, found " + view);
    }
    if (view == 0 || augmentation.isNone()) {
      preprocessor.apply(image, out, offset);
      return;
    }
    SplittableRandom random = new SplittableRandom(ViewSeed.of(seed, contentHash, view));
    int height = preprocessing.cropHeight();
    int width = preprocessing.cropWidth();
    Mirroring mirroring =
        random.nextDouble() < augmentation.flipProbability()
            ? Mirroring.HORIZONTAL
            : Mirroring.NONE;
    float[] planes = Scratch.planes(3 * height * width);
    Optional<Region> crop = randomCrop(image, random);
    if (crop.isPresent()) {
      preprocessor.resampleRegion(image, crop.get(), mirroring, planes);
    } else {
      preprocessor.resamplePlain(image, mirroring, planes);
    }
    if (augmentation.rotationDegrees() > 0 || augmentation.translation() > 0) {
      float[] warped = Scratch.warped(planes.length);
      Warp.rotateAndShift(
          planes,
          height,
          width,
          Math.toRadians(symmetric(random, augmentation.rotationDegrees())),
          symmetric(random, augmentation.translation()) * width,
          symmetric(random, augmentation.translation()) * height,
          warped);
      planes = warped;
    }
    if (augmentation.jitter() > 0) {
      ColourJitter.apply(
          planes,
          1 + symmetric(random, augmentation.jitter()),
          1 + symmetric(random, augmentation.jitter()),
          1 + symmetric(random, augmentation.jitter()));
    }
    if (random.nextDouble() < augmentation.eraseProbability()) {
      erase(planes, height, width, random);
    }
    preprocessor.normalise(planes, out, offset);
  }

  /**
   * A crop of random area and aspect anywhere in the image, the aspect being relative to the
   * backbone's input; none for the plain one.
   */
  private Optional<Region> randomCrop(PixelImage image, SplittableRandom random) {
    if (augmentation.smallestCrop() >= 1 && augmentation.largestAspect() <= 1) {
      return Optional.empty();
    }
    // A backbone that stretches its images sees the whole; crops are then relative to the image's
    // own aspect.
    double inputAspect =
        preprocessing.resize() instanceof Resize.Exact
            ? (double) image.width() / image.height()
            : (double) preprocessing.cropWidth() / preprocessing.cropHeight();
    double area = (double) image.width() * image.height();
    double logAspect = Math.log(augmentation.largestAspect());
    for (int attempt = 0; attempt < CROP_ATTEMPTS; attempt++) {
      double part =
          augmentation.smallestCrop() + random.nextDouble() * (1 - augmentation.smallestCrop());
      double aspect = inputAspect * Math.exp(symmetric(random, logAspect));
      double width = Math.sqrt(area * part * aspect);
      double height = Math.sqrt(area * part / aspect);
      if (width <= image.width() && height <= image.height()) {
        return Optional.of(
            new Region(
                random.nextDouble() * (image.width() - width),
                random.nextDouble() * (image.height() - height),
                width,
                height));
      }
    }
    return Optional.empty();
  }

  /** Replaces a rectangle by the backbone's mean, which normalises to zero. */
  private void erase(float[] planes, int height, int width, SplittableRandom random) {
    double part = 0.02 + random.nextDouble() * 0.18;
    double aspect = Math.exp(symmetric(random, Math.log(3)));
    int eraseWidth = Math.min(width, Math.max(1, (int) (width * Math.sqrt(part * aspect))));
    int eraseHeight = Math.min(height, Math.max(1, (int) (height * Math.sqrt(part / aspect))));
    int left = random.nextInt(width - eraseWidth + 1);
    int top = random.nextInt(height - eraseHeight + 1);
    for (int c = 0; c < 3; c++) {
      float mean = meanPixel(c);
      for (int y = top; y < top + eraseHeight; y++) {
        int from = (c * height + y) * width + left;
        Arrays.fill(planes, from, from + eraseWidth, mean);
      }
    }
  }

  private float meanPixel(int rgbChannel) {
    int channel =
        switch (preprocessing.channelOrder()) {
          case RGB -> rgbChannel;
          case BGR -> 2 - rgbChannel;
          case GREY -> 0;
        };
    return preprocessing.mean().get(channel) / preprocessing.scale();
  }

  private static double symmetric(SplittableRandom random, double most) {
    return (random.nextDouble() * 2 - 1) * most;
  }
}

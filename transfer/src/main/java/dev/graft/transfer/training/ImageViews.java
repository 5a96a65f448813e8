package dev.graft.transfer.training;

import dev.graft.data.DataException;
import dev.graft.data.Example;
import dev.graft.data.image.Augmentation;
import dev.graft.data.image.Augmenter;
import dev.graft.data.image.ImageDecoder;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.image.PixelImage;
import dev.graft.data.image.Resize;
import dev.graft.runtime.ModelInput;
import dev.graft.runtime.Predictor;
import dev.graft.transfer.training.ExampleTable.Decoding;

/**
 * Turns examples into what the backbone takes: decode, augment, resize, crop, normalise.
 * Thread-safe.
 */
public final class ImageViews implements ExampleViews {
  private final ImagePreprocessing preprocessing;
  private final Augmentation augmentation;
  private final long seed;
  private final Augmenter augmenter;
  private final ImageDecoder decoder = new ImageDecoder();

  /** Views of images for one backbone; the seed decides the augmented ones. */
  public ImageViews(ImagePreprocessing preprocessing, Augmentation augmentation, long seed) {
    this.preprocessing = preprocessing;
    this.augmentation = augmentation;
    this.seed = seed;
    this.augmenter = new Augmenter(preprocessing, augmentation, seed);
  }

  @Override
  public ImagePreprocessing preprocessing() {
    return preprocessing;
  }

  @Override
  public String unit() {
    return "images";
  }

  @Override
  public String key(int view, Decoding decoding) {
    return view == 0 || augmentation.isNone()
        ? decoding.name()
        : decoding + "|" + augmentation + "|" + seed + "|" + view;
  }

  /**
   * Decodes an image.
   *
   * @throws DataException naming the file, for anything that is no usable image
   */
  public PixelImage decode(Example example, Decoding decoding) {
    byte[] bytes = example.source().read();
    String name = example.source().name();
    PixelImage image =
        decoding == Decoding.REDUCED
            ? decoder.decodeReduced(bytes, name, shorterSide())
            : decoder.decode(bytes, name);
    int longer = Math.max(image.width(), image.height());
    int shorter = Math.min(image.width(), image.height());
    if (longer > (long) shorter * Predictor.MAXIMUM_ASPECT_RATIO) {
      throw new DataException(
          "Decoding "
              + name
              + ": it is "
              + image.width()
              + " x "
              + image.height()
              + " pixels; images longer than "
              + Predictor.MAXIMUM_ASPECT_RATIO
              + " times their breadth are not used.");
    }
    return image;
  }

  private int shorterSide() {
    return preprocessing.resize() instanceof Resize.ShorterSide side
        ? side.pixels()
        : Math.max(
            ((Resize.Exact) preprocessing.resize()).height(),
            ((Resize.Exact) preprocessing.resize()).width());
  }

  @Override
  public ModelInput decoded(Example example, Decoding decoding) {
    return new ModelInput.Pixels(decode(example, decoding));
  }

  @Override
  public void write(
      Example example, String contentHash, int view, Decoding decoding, float[] out, int offset) {
    augmenter.apply(decode(example, decoding), contentHash, view, out, offset);
  }

  /** Writes the plain view of decoded pixels. */
  public float[] plain(PixelImage image) {
    float[] out = new float[valueCount()];
    augmenter.apply(image, "", 0, out, 0);
    return out;
  }
}

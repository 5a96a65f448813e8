package dev.graft.transfer.explanation;

import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.image.ImagePreprocessor;
import dev.graft.data.image.PixelImage;
import dev.graft.data.image.Resize;
import dev.graft.data.image.Scaling;
import dev.graft.engine.FloatTensor;
import dev.graft.runtime.ModelInput;
import java.util.List;

/** An image while it is explained. */
final class ImageSubject implements Subject {
  /** Larger images are shrunk to so many times what the network resizes them to. */
  private static final int MOST_OVERSIZE = 2;

  private final PixelImage image;
  private final ImagePreprocessor preprocessor;
  private final ModelInput input;
  private final CoveredImage covered;
  private final ModelInput whole;

  ImageSubject(PixelImage image, ImagePreprocessor preprocessor) {
    this.image = image;
    this.preprocessor = preprocessor;
    this.input = new ModelInput.Pixels(image);
    PixelImage working = working();
    this.whole = working == image ? input : new ModelInput.Pixels(working);
    this.covered =
        CoveredImage.of(working, preprocessor.visiblePart(working.width(), working.height()));
  }

  @Override
  public ModelInput input() {
    return input;
  }

  @Override
  public FloatTensor prepared() {
    ImagePreprocessing images = preprocessor.preprocessing();
    float[] values = new float[images.valueCount()];
    preprocessor.apply(image, values, 0);
    return new FloatTensor(
        values, 1, images.channelOrder().channels(), images.cropHeight(), images.cropWidth());
  }

  @Override
  public ModelInput whole() {
    return whole;
  }

  @Override
  public ModelInput without(List<Part> parts) {
    byte[] rgb = covered.copy();
    for (Part part : parts) {
      covered.cover(rgb, part.x(), part.y(), part.width(), part.height());
    }
    return new ModelInput.Pixels(covered.with(rgb));
  }

  @Override
  public ExplainedInput shown() {
    return new ExplainedImage(image, preprocessor.visiblePart(image.width(), image.height()));
  }

  /** The image, or a smaller one that covering takes less time on and that looks alike. */
  private PixelImage working() {
    Resize resize = preprocessor.preprocessing().resize();
    int width = resize instanceof Resize.Exact exact ? exact.width() : side(resize);
    int height = resize instanceof Resize.Exact exact ? exact.height() : side(resize);
    double factor =
        Math.max(
            (double) MOST_OVERSIZE * width / image.width(),
            (double) MOST_OVERSIZE * height / image.height());
    return factor >= 1
        ? image
        : Scaling.to(
            image,
            (int) Math.max(1, Math.round(factor * image.width())),
            (int) Math.max(1, Math.round(factor * image.height())));
  }

  private static int side(Resize resize) {
    return ((Resize.ShorterSide) resize).pixels();
  }
}

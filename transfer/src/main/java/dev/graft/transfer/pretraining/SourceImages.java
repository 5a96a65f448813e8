package dev.graft.transfer.pretraining;

import dev.graft.data.DatasetKind;
import dev.graft.data.Preprocessing;
import dev.graft.data.image.Augmentation;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.image.Resize;
import dev.graft.onnx.OnnxModel;
import dev.graft.transfer.training.ExampleViews;
import dev.graft.transfer.training.ImageViews;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Square images that grow while the network is trained.
 *
 * @param sides side of the images by epoch
 * @param augmentation how the views of training images differ
 */
public record SourceImages(ImageSides sides, Augmentation augmentation) implements SourceViews {
  /**
   * Random crops show things larger than whole images of the same size do, by about a quarter, so
   * that a network knows whole images best at so much more (Touvron et al. 2019, "Fixing the
   * train-test resolution discrepancy", section 3).
   */
  private static final double SIDE_OF_WHOLE_IMAGES = 1.25;

  private static final int STEP_OF_SIDES = 16;

  @Override
  public DatasetKind kind() {
    return DatasetKind.IMAGE;
  }

  @Override
  public ExampleViews training(int epoch, int epochs, long seed) {
    return new ImageViews(whole(size(epoch, epochs)), augmentation, seed);
  }

  @Override
  public ExampleViews plain() {
    return ExampleViews.plain(whole(sides.last()));
  }

  @Override
  public ExampleViews evaluated(OnnxModel stored) {
    return ExampleViews.plain(whole(evaluatedSize(stored)));
  }

  /** The whole image, its shorter side brought to the given one, cut to a square at the middle. */
  private static ImagePreprocessing whole(int side) {
    return ImagePreprocessing.preset("imagenet", side, side)
        .withSize(new Resize.ShorterSide(side), side, side);
  }

  @Override
  public int size(int epoch, int epochs) {
    return sides.of(epoch, epochs);
  }

  @Override
  public int evaluatedSize(OnnxModel stored) {
    boolean takesAnySide = stored.graph().inputs().get(0).size(2) <= 0;
    boolean cropped = augmentation.smallestCrop() < 1;
    return takesAnySide && cropped
        ? (int) (STEP_OF_SIDES * Math.round(SIDE_OF_WHOLE_IMAGES * sides.last() / STEP_OF_SIDES))
        : sides.last();
  }

  @Override
  public int lastSize() {
    return sides.last();
  }

  /** As classifiers are shown their images: a margin of an eighth is cut off. */
  @Override
  public Preprocessing preprocessing(OptionalInt inputSize) {
    int side = inputSize.orElse(sides.last());
    return ImagePreprocessing.preset("imagenet", side, side);
  }

  @Override
  public double cost(int epoch, int epochs) {
    double side = size(epoch, epochs);
    return side * side;
  }

  @Override
  public Map<String, String> shown() {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("size", sides.first() + " to " + sides.last() + " pixels");
    shown.put("augment", augmentation.toString());
    return shown;
  }
}

package dev.graft.data.image;

import dev.graft.data.DataException;
import dev.graft.data.DatasetKind;
import dev.graft.data.Preprocessing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What is done to the pixels of an image before a backbone sees them: resize, centre crop, scale,
 * normalise.
 *
 * <p>value = (pixel * scale - mean[c]) / deviation[c] for pixels of 0 to 255, in the channel order
 * of the backbone. The crop starts at row floor((resized height - crop height) / 2) and column
 * floor((resized width - crop width) / 2). Immutable and thread-safe.
 *
 * @param resize the size of the whole image before the crop
 * @param cropHeight rows that the backbone takes, at most the resized height
 * @param cropWidth columns that the backbone takes, at most the resized width
 * @param interpolation how pixels are resampled
 * @param channelOrder channels that the backbone takes
 * @param scale factor on pixels of 0 to 255
 * @param mean one value for each channel, subtracted after scaling
 * @param deviation one positive value for each channel, divided by
 */
public record ImagePreprocessing(
    Resize resize,
    int cropHeight,
    int cropWidth,
    Interpolation interpolation,
    ChannelOrder channelOrder,
    float scale,
    List<Float> mean,
    List<Float> deviation)
    implements Preprocessing {

  /**
   * The part of the shorter side that a centre crop keeps where nothing else is known (the habit of
   * ImageNet evaluation).
   */
  public static final double DEFAULT_CROP_FRACTION = 0.875;

  static final int MAXIMUM_SIDE = 8192;

  public ImagePreprocessing {
    Objects.requireNonNull(interpolation, "interpolation");
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    require(cropHeight >= 1 && cropHeight <= MAXIMUM_SIDE, "crop height", "1 to 8192", cropHeight);
    require(cropWidth >= 1 && cropWidth <= MAXIMUM_SIDE, "crop width", "1 to 8192", cropWidth);
    int resizedHeight =
        resize instanceof Resize.Exact exact
            ? exact.height()
            : ((Resize.ShorterSide) resize).pixels();
    int resizedWidth =
        resize instanceof Resize.Exact exact
            ? exact.width()
            : ((Resize.ShorterSide) resize).pixels();
    require(
        resizedHeight <= MAXIMUM_SIDE && resizedWidth <= MAXIMUM_SIDE,
        "resize",
        "at most 8192 pixels",
        resize);
    require(
        cropHeight <= resizedHeight,
        "crop height",
        "at most the resized " + resizedHeight,
        cropHeight);
    require(
        cropWidth <= resizedWidth, "crop width", "at most the resized " + resizedWidth, cropWidth);
    require(Float.isFinite(scale) && scale > 0, "scale", "a positive number", scale);
    int channels = channelOrder.channels();
    require(
        mean.size() == channels && mean.stream().allMatch(v -> Float.isFinite(v)),
        "mean",
        channels + " numbers for " + channelOrder,
        mean);
    require(
        deviation.size() == channels
            && deviation.stream().allMatch(v -> Float.isFinite(v) && v > 0),
        "deviation",
        channels + " positive numbers for " + channelOrder,
        deviation);
  }

  private static void require(boolean holds, String field, String expected, Object found) {
    if (!holds) {
      throw new IllegalArgumentException(
          "image preprocessing, " + field + ": expected " + expected + ", found " + found);
    }
  }

  /** The names that {@link #preset} knows. */
  public static List<String> presetNames() {
    return Presets.names();
  }

  /**
   * A normalisation known by name for a backbone that takes images of the given size: bilinear,
   * RGB, the shorter side brought to round(shorter crop side / 0.875), centre crop; an oblong crop
   * is stretched to instead.
   *
   * <p>"imagenet": /255, mean .485 .456 .406, deviation .229 .224 .225; "tf" and "inception":
   * x/127.5 - 1; "unit": /255; "clip": /255 with the mean and deviation of CLIP, bicubic, no margin
   * around the crop; "none": 0 to 255.
   *
   * @param cropHeight in pixels
   * @param cropWidth in pixels
   * @throws DataException for an unknown name, listing the known ones
   */
  public static ImagePreprocessing preset(String name, int cropHeight, int cropWidth) {
    return Presets.of(name, cropHeight, cropWidth);
  }

  /**
   * Reads a {@code preprocessor_config.json} (the image processors of transformers, or timm's
   * {@code pretrained_cfg}).
   *
   * @throws DataException where the file is missing, no JSON, or describes something that is not
   *     supported, naming the field
   */
  public static ImagePreprocessing read(Path file) {
    return PreprocessorConfig.read(file);
  }

  /**
   * Reads the text of a {@code preprocessor_config.json}.
   *
   * @param sourceName what to call it in messages
   */
  public static ImagePreprocessing parse(String json, String sourceName) {
    return PreprocessorConfig.parse(json.getBytes(StandardCharsets.UTF_8), sourceName);
  }

  @Override
  public DatasetKind kind() {
    return DatasetKind.IMAGE;
  }

  /** Channels, crop height, crop width. */
  @Override
  public long[] shape() {
    return new long[] {channelOrder.channels(), cropHeight, cropWidth};
  }

  /**
   * This description in the form of a {@code preprocessor_config.json}; {@link #read} gives an
   * equal one back.
   */
  @Override
  public String toJson() {
    return PreprocessorConfig.write(this);
  }

  /** The number of floats that one image becomes: channels * cropHeight * cropWidth. */
  @Override
  public int valueCount() {
    return channelOrder.channels() * cropHeight * cropWidth;
  }

  /** The same with another resize and crop. */
  public ImagePreprocessing withSize(Resize newResize, int newCropHeight, int newCropWidth) {
    return new ImagePreprocessing(
        newResize,
        newCropHeight,
        newCropWidth,
        interpolation,
        channelOrder,
        scale,
        mean,
        deviation);
  }

  /**
   * The same for a square crop of another side: the resize grows or shrinks with it.
   *
   * @param side in pixels
   */
  public ImagePreprocessing scaledTo(int side) {
    double vertically = (double) side / cropHeight;
    double horizontally = (double) side / cropWidth;
    Resize scaled =
        resize instanceof Resize.Exact exact
            ? new Resize.Exact(
                (int) Math.round(exact.height() * vertically),
                (int) Math.round(exact.width() * horizontally))
            : new Resize.ShorterSide(
                (int)
                    Math.round(
                        ((Resize.ShorterSide) resize).pixels()
                            * Math.max(vertically, horizontally)));
    return withSize(scaled, side, side);
  }

  /** The same with another interpolation. */
  public ImagePreprocessing withInterpolation(Interpolation newInterpolation) {
    return new ImagePreprocessing(
        resize, cropHeight, cropWidth, newInterpolation, channelOrder, scale, mean, deviation);
  }

  /** The same with other channels, and as many values of mean and deviation. */
  public ImagePreprocessing withNormalisation(
      ChannelOrder newOrder, float newScale, List<Float> newMean, List<Float> newDeviation) {
    return new ImagePreprocessing(
        resize, cropHeight, cropWidth, interpolation, newOrder, newScale, newMean, newDeviation);
  }

  /**
   * The resize that leaves the given fraction of the shorter side after the crop: round(shorter
   * crop side / fraction).
   *
   * @param cropFraction more than 0, at most 1; 1 means no crop
   */
  public static Resize resizeFor(int cropHeight, int cropWidth, double cropFraction) {
    if (!(cropFraction > 0 && cropFraction <= 1)) {
      throw new IllegalArgumentException(
          "crop fraction: expected more than 0, at most 1, found " + cropFraction);
    }
    if (cropHeight == cropWidth) {
      return new Resize.ShorterSide((int) Math.round(cropHeight / cropFraction));
    }
    return new Resize.Exact(
        (int) Math.round(cropHeight / cropFraction), (int) Math.round(cropWidth / cropFraction));
  }
}

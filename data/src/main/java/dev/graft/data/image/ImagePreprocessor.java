package dev.graft.data.image;

/**
 * Applies an {@link ImagePreprocessing} to decoded images, with the same result as the graph that a
 * bundle carries.
 *
 * <p>Thread-safe; each thread has scratch memory of its own.
 */
public final class ImagePreprocessor {
  private final ImagePreprocessing preprocessing;

  /** A preprocessor for one description. */
  public ImagePreprocessor(ImagePreprocessing preprocessing) {
    this.preprocessing = preprocessing;
  }

  /** What it does. */
  public ImagePreprocessing preprocessing() {
    return preprocessing;
  }

  /**
   * Writes one image as the backbone takes it: [channels, cropHeight, cropWidth], row-major.
   *
   * @param out receives {@link ImagePreprocessing#valueCount()} values from {@code offset} on
   */
  public void apply(PixelImage image, float[] out, int offset) {
    float[] planes = Scratch.planes(preprocessing.cropHeight() * preprocessing.cropWidth() * 3);
    resamplePlain(image, Mirroring.NONE, planes);
    normalise(planes, out, offset);
  }

  /**
   * The part of an image of this size that the backbone gets to see, in pixels of the image: what
   * resize and centre crop leave of it. Its edges may lie beyond those of the image by less than
   * half a pixel of the resized image, which is how much resizing rounds.
   */
  public Region visiblePart(int imageWidth, int imageHeight) {
    Windows windows = windows(imageWidth, imageHeight);
    AntialiasResampler.Window rows = windows.rows();
    AntialiasResampler.Window columns = windows.columns();
    return new Region(
        columns.first() / columns.scale(),
        rows.first() / rows.scale(),
        columns.count() / columns.scale(),
        rows.count() / rows.scale());
  }

  /**
   * Writes a part of an image, stretched to the whole input of the backbone: [channels, cropHeight,
   * cropWidth], row-major.
   *
   * @param region the part, in pixels of the image; what lies outside the image is left away
   * @param out receives {@link ImagePreprocessing#valueCount()} values from {@code offset} on
   */
  public void applyRegion(
      PixelImage image, Region region, Mirroring mirroring, float[] out, int offset) {
    float[] planes = Scratch.planes(preprocessing.cropHeight() * preprocessing.cropWidth() * 3);
    resampleRegion(image, region, mirroring, planes);
    normalise(planes, out, offset);
  }

  /**
   * Writes the plain view as red, green and blue planes of cropHeight * cropWidth values of 0 to
   * 255.
   */
  void resamplePlain(PixelImage image, Mirroring mirroring, float[] planes) {
    Windows windows = windows(image.width(), image.height());
    AntialiasResampler.resample(
        image, windows.rows(), windows.columns(), preprocessing.interpolation(), planes);
    mirror(planes, preprocessing.cropWidth(), mirroring);
  }

  private record Windows(AntialiasResampler.Window rows, AntialiasResampler.Window columns) {}

  private Windows windows(int imageWidth, int imageHeight) {
    int height = preprocessing.cropHeight();
    int width = preprocessing.cropWidth();
    if (preprocessing.resize() instanceof Resize.Exact exact) {
      return new Windows(
          AntialiasResampler.Window.stretched(imageHeight, exact.height(), height),
          AntialiasResampler.Window.stretched(imageWidth, exact.width(), width));
    }
    int side = ((Resize.ShorterSide) preprocessing.resize()).pixels();
    float scale = AntialiasResampler.notSmallerScale(imageWidth, imageHeight, side);
    return new Windows(
        AntialiasResampler.Window.scaled(imageHeight, scale, height),
        AntialiasResampler.Window.scaled(imageWidth, scale, width));
  }

  /**
   * Writes the region as red, green and blue planes of cropHeight * cropWidth values of 0 to 255.
   */
  void resampleRegion(PixelImage image, Region region, Mirroring mirroring, float[] planes) {
    int height = preprocessing.cropHeight();
    int width = preprocessing.cropWidth();
    AntialiasResampler.resample(
        image,
        AntialiasResampler.Window.region(image.height(), region.y(), region.height(), height),
        AntialiasResampler.Window.region(image.width(), region.x(), region.width(), width),
        preprocessing.interpolation(),
        planes);
    mirror(planes, width, mirroring);
  }

  private static void mirror(float[] planes, int width, Mirroring mirroring) {
    if (mirroring == Mirroring.NONE) {
      return;
    }
    for (int row = 0; row + width <= planes.length; row += width) {
      for (int left = row, right = row + width - 1; left < right; left++, right--) {
        float kept = planes[left];
        planes[left] = planes[right];
        planes[right] = kept;
      }
    }
  }

  /** value = (pixel * scale - mean) / deviation, from planes in the order red, green, blue. */
  void normalise(float[] planes, float[] out, int offset) {
    int area = preprocessing.cropHeight() * preprocessing.cropWidth();
    if (offset < 0 || out.length - offset < preprocessing.valueCount()) {
      throw new IllegalArgumentException(
          "expected room for "
              + preprocessing.valueCount()
              + " values from "
              + offset
              + ", found an array of "
              + out.length);
    }
    if (preprocessing.channelOrder() == ChannelOrder.GREY) {
      float gain = gain(0);
      float shift = shift(0);
      for (int i = 0; i < area; i++) {
        float luma = 0.299f * planes[i] + 0.587f * planes[area + i] + 0.114f * planes[2 * area + i];
        out[offset + i] = luma * gain + shift;
      }
      return;
    }
    for (int c = 0; c < 3; c++) {
      int plane = preprocessing.channelOrder() == ChannelOrder.RGB ? c : 2 - c;
      line(planes, plane * area, out, offset + c * area, area, gain(c), shift(c));
    }
  }

  private float gain(int channel) {
    return preprocessing.scale() / preprocessing.deviation().get(channel);
  }

  private float shift(int channel) {
    return -preprocessing.mean().get(channel) / preprocessing.deviation().get(channel);
  }

  private static void line(
      float[] in, int inOffset, float[] out, int outOffset, int count, float gain, float shift) {
    for (int i = 0; i < count; i++) {
      out[outOffset + i] = in[inOffset + i] * gain + shift;
    }
  }
}

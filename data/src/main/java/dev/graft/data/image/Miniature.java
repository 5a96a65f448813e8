package dev.graft.data.image;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/** Makes small pictures for people to look at; stateless and thread-safe. */
public final class Miniature {
  private static final int QUALITY = 80;

  static {
    NativeLog.silence();
  }

  private Miniature() {}

  /**
   * A JPEG file of the whole image, shrunk with antialiasing until its longer side has so many
   * pixels; a smaller image keeps its size.
   *
   * @param longerSide in pixels, at least 1
   */
  public static byte[] jpeg(PixelImage image, int longerSide) {
    if (longerSide < 1) {
      throw new IllegalArgumentException("longerSide: expected at least 1, found " + longerSide);
    }
    return encode(shrunk(image, longerSide));
  }

  private static PixelImage shrunk(PixelImage image, int longerSide) {
    int longer = Math.max(image.width(), image.height());
    if (longer <= longerSide) {
      return image;
    }
    double scale = (double) longerSide / longer;
    int width = Math.max(1, (int) Math.round(scale * image.width()));
    int height = Math.max(1, (int) Math.round(scale * image.height()));
    float[] planes = new float[3 * width * height]; // [3, height, width]
    AntialiasResampler.resample(
        image,
        AntialiasResampler.Window.stretched(image.height(), height, height),
        AntialiasResampler.Window.stretched(image.width(), width, width),
        Interpolation.BILINEAR,
        planes);
    byte[] rgb = new byte[planes.length];
    int area = width * height;
    for (int i = 0; i < area; i++) {
      for (int c = 0; c < 3; c++) {
        rgb[3 * i + c] = (byte) Math.round(Math.max(0, Math.min(255, planes[c * area + i])));
      }
    }
    return new PixelImage(width, height, rgb);
  }

  private static byte[] encode(PixelImage image) {
    byte[] rgb = image.rgb();
    byte[] bgr = new byte[rgb.length];
    for (int i = 0; i < rgb.length; i += 3) {
      bgr[i] = rgb[i + 2];
      bgr[i + 1] = rgb[i + 1];
      bgr[i + 2] = rgb[i];
    }
    try (BytePointer pixels = new BytePointer(bgr);
        Mat picture = new Mat(image.height(), image.width(), opencv_core.CV_8UC3, pixels);
        BytePointer file = new BytePointer();
        IntPointer settings = new IntPointer(opencv_imgcodecs.IMWRITE_JPEG_QUALITY, QUALITY)) {
      if (!opencv_imgcodecs.imencode(".jpg", picture, file, settings)) {
        throw new IllegalStateException(
            "OpenCV wrote no JPEG of " + image.width() + "x" + image.height() + " pixels");
      }
      byte[] encoded = new byte[(int) file.limit()];
      file.get(encoded);
      return encoded;
    }
  }
}

package dev.graft.data.image;

import dev.graft.data.DataException;
import java.util.Locale;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of an image file into pixels: JPEG, PNG, GIF (first frame), BMP, WebP and TIFF,
 * of any depth and colour model, turned upright by their EXIF orientation. Transparency is dropped,
 * CMYK and palettes become RGB, 16 bits become 8.
 *
 * <p>The size is read from the header and held against a limit before anything is decoded. No
 * native memory outlives a call. Thread-safe; each call computes on the calling thread alone.
 */
public final class ImageDecoder {
  /** The limit on width * height unless another is given: 100 million pixels. */
  public static final long DEFAULT_PIXEL_LIMIT = 100_000_000;

  static {
    // Callers decode on as many threads as they like; a pool inside each call would only fight with
    // the training engine's.
    opencv_core.setNumThreads(1);
    NativeLog.silence();
  }

  private final long pixelLimit;

  /** A decoder with the {@link #DEFAULT_PIXEL_LIMIT}. */
  public ImageDecoder() {
    this(DEFAULT_PIXEL_LIMIT);
  }

  /**
   * A decoder with another limit.
   *
   * @param pixelLimit the largest width * height that is decoded, 1 to 500 million
   */
  public ImageDecoder(long pixelLimit) {
    if (pixelLimit < 1 || pixelLimit > 500_000_000) {
      throw new IllegalArgumentException(
          "pixelLimit: expected 1 to 500000000, found " + pixelLimit);
    }
    this.pixelLimit = pixelLimit;
  }

  /** Loads the native library now, which otherwise the first decoder does. */
  public static void load() {
    // This class is initialised by now, and the library with it.
  }

  /**
   * Decodes an image in full.
   *
   * @param name what to call it in messages
   * @throws DataException where it is empty, truncated, no image, damaged, or has more pixels than
   *     the limit
   */
  public PixelImage decode(byte[] bytes, String name) {
    ImageHeader header = checked(bytes, name);
    return decode(bytes, name, header, opencv_imgcodecs.IMREAD_COLOR_RGB);
  }

  /**
   * Decodes an image at reduced size where its format can do that cheaply (JPEG: 1/2, 1/4 or 1/8 in
   * the DCT domain), in full elsewhere.
   *
   * @param name what to call it in messages
   * @param shorterSideAtLeast the shorter side is never reduced below this, in pixels
   * @throws DataException as {@link #decode}
   */
  public PixelImage decodeReduced(byte[] bytes, String name, int shorterSideAtLeast) {
    ImageHeader header = checked(bytes, name);
    int reduction = 1;
    if (header.format() == ImageHeader.ImageFormat.JPEG) {
      int shorterSide = Math.min(header.width(), header.height());
      while (reduction < 8 && shorterSide / (reduction * 2) >= Math.max(1, shorterSideAtLeast)) {
        reduction *= 2;
      }
    }
    int flags =
        switch (reduction) {
          case 2 -> opencv_imgcodecs.IMREAD_REDUCED_COLOR_2;
          case 4 -> opencv_imgcodecs.IMREAD_REDUCED_COLOR_4;
          case 8 -> opencv_imgcodecs.IMREAD_REDUCED_COLOR_8;
          default -> opencv_imgcodecs.IMREAD_COLOR_RGB;
        };
    return decode(bytes, name, header, flags);
  }

  /**
   * Reads the header without decoding.
   *
   * @param name what to call it in messages
   * @throws DataException where it is empty, no image, or damaged before its size is known
   */
  public static ImageDescription describe(byte[] bytes, String name) {
    ImageHeader header = ImageHeader.read(bytes, name);
    return new ImageDescription(
        header.format().name().toLowerCase(Locale.ROOT), header.width(), header.height());
  }

  private ImageHeader checked(byte[] bytes, String name) {
    ImageHeader header = ImageHeader.read(bytes, name);
    if (header.pixels() > pixelLimit) {
      throw new DataException(
          "Cannot decode "
              + name
              + ": it has "
              + header.width()
              + "x"
              + header.height()
              + " pixels, the limit is "
              + pixelLimit
              + " in all. Shrink it or remove it from the data.");
    }
    if (!header.complete()) {
      throw new DataException(
          "Cannot decode "
              + name
              + ": the file is truncated, the "
              + header.format()
              + " picture goes on after its "
              + bytes.length
              + " bytes. Copy it again or remove it.");
    }
    return header;
  }

  private static PixelImage decode(byte[] bytes, String name, ImageHeader header, int flags) {
    byte[] content =
        header.format() == ImageHeader.ImageFormat.PNG
            ? PngChunks.withoutAncillary(bytes, name)
            : bytes;
    try (BytePointer pointer = new BytePointer(content);
        Mat encoded = new Mat(1, content.length, opencv_core.CV_8UC1, pointer);
        Mat decoded = opencv_imgcodecs.imdecode(encoded, flags)) {
      if (decoded.empty() || decoded.type() != opencv_core.CV_8UC3 || !decoded.isContinuous()) {
        throw damaged(name, header, null);
      }
      byte[] rgb = new byte[decoded.rows() * decoded.cols() * 3];
      decoded.data().get(rgb);
      if (flags != opencv_imgcodecs.IMREAD_COLOR_RGB) {
        exchangeRedAndBlue(rgb);
      }
      return new PixelImage(decoded.cols(), decoded.rows(), rgb);
    } catch (RuntimeException e) {
      if (e instanceof DataException) {
        throw e;
      }
      throw damaged(name, header, e);
    }
  }

  private static void exchangeRedAndBlue(byte[] samples) {
    for (int i = 0; i < samples.length; i += 3) {
      byte kept = samples[i];
      samples[i] = samples[i + 2];
      samples[i + 2] = kept;
    }
  }

  private static DataException damaged(String name, ImageHeader header, @Nullable Throwable cause) {
    String message =
        "Cannot decode "
            + name
            + ": the "
            + header.format()
            + " of "
            + header.width()
            + "x"
            + header.height()
            + " pixels is damaged, or of a kind that is not supported. Save it again with an image editor or remove it.";
    return cause == null ? new DataException(message) : new DataException(message, cause);
  }
}

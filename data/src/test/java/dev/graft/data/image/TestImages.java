package dev.graft.data.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;

/** Images made for tests, in memory. */
public final class TestImages {
  private TestImages() {}

  /** Noise from the generator that make_references.py states. */
  public static PixelImage noise(int height, int width, long seed) {
    byte[] rgb = new byte[height * width * 3];
    long state = seed;
    for (int i = 0; i < rgb.length; i++) {
      state = state * 6364136223846793005L + 1442695040888963407L;
      rgb[i] = (byte) (state >>> 56);
    }
    return new PixelImage(width, height, rgb);
  }

  /**
   * A picture whose every pixel is known: red = 5 x, green = 7 y, blue = 3 (x + y), each modulo
   * 256.
   */
  public static PixelImage gradient(int height, int width) {
    byte[] rgb = new byte[height * width * 3];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = (y * width + x) * 3;
        rgb[at] = (byte) (5 * x);
        rgb[at + 1] = (byte) (7 * y);
        rgb[at + 2] = (byte) (3 * (x + y));
      }
    }
    return new PixelImage(width, height, rgb);
  }

  /** The image encoded by the JDK: "png", "jpg", "bmp" or "gif". */
  public static byte[] encode(PixelImage image, String format) {
    BufferedImage buffered =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < image.width() * image.height(); i++) {
      byte[] rgb = image.rgb();
      int value =
          (rgb[3 * i] & 0xff) << 16 | (rgb[3 * i + 1] & 0xff) << 8 | (rgb[3 * i + 2] & 0xff);
      buffered.setRGB(i % image.width(), i / image.width(), value);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(buffered, format, out)) {
        throw new IllegalArgumentException("no writer for " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** A small JPEG whose content depends on the seed. */
  public static byte[] jpeg(long seed) {
    return encode(noise(12, 16, seed), "jpg");
  }

  /** A PNG whose header announces any size, with next to no content. */
  public static byte[] hollowPng(int width, int height) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    byte[] header =
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put(new byte[] {8, 2, 0, 0, 0})
            .array();
    chunk(out, "IHDR", header);
    Deflater deflater = new Deflater();
    deflater.setInput(new byte[1000]);
    deflater.finish();
    byte[] packed = new byte[100];
    int length = deflater.deflate(packed);
    deflater.end();
    chunk(out, "IDAT", java.util.Arrays.copyOf(packed, length));
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream out, String type, byte[] content) {
    byte[] body = new byte[4 + content.length];
    for (int i = 0; i < 4; i++) {
      body[i] = (byte) type.charAt(i);
    }
    System.arraycopy(content, 0, body, 4, content.length);
    CRC32 checksum = new CRC32();
    checksum.update(body);
    out.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
    out.writeBytes(body);
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
  }

  /** A file that lies beside this class among the test resources. */
  public static byte[] resource(String name) {
    try (InputStream in = TestImages.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("no test resource " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

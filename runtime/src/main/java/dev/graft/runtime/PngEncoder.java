package dev.graft.runtime;

import dev.graft.data.image.PixelImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes pixels as a PNG file without loss: 8 bits per channel, red, green, blue, no interlacing,
 * every row under the Paeth filter.
 *
 * <p>Source: W3C, "Portable Network Graphics (PNG) Specification (Third Edition)", sections 5, 9
 * and 11. Stateless, thread-safe.
 */
public final class PngEncoder {

  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int CHANNELS = 3;
  private static final int COLOUR_TYPE_TRUECOLOUR = 2;
  private static final int BITS_PER_CHANNEL = 8;
  private static final int FILTER_PAETH = 4;

  private PngEncoder() {}

  /** The whole file. */
  public static byte[] encode(PixelImage image) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(SIGNATURE);
    byte[] header =
        ByteBuffer.allocate(13)
            .putInt(image.width())
            .putInt(image.height())
            .put((byte) BITS_PER_CHANNEL)
            .put((byte) COLOUR_TYPE_TRUECOLOUR)
            .array();
    writeChunk(file, "IHDR", header, header.length);
    writePixels(file, image);
    writeChunk(file, "IEND", new byte[0], 0);
    return file.toByteArray();
  }

  private static void writePixels(ByteArrayOutputStream file, PixelImage image) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try {
      byte[] row = new byte[1 + image.width() * CHANNELS];
      byte[] compressed = new byte[1 << 16];
      for (int y = 0; y < image.height(); y++) {
        filterRow(image, y, row);
        deflater.setInput(row);
        drain(deflater, compressed, file);
      }
      deflater.finish();
      drain(deflater, compressed, file);
    } finally {
      deflater.end();
    }
  }

  private static void drain(Deflater deflater, byte[] buffer, ByteArrayOutputStream file) {
    int count = deflater.deflate(buffer);
    while (count > 0) {
      writeChunk(file, "IDAT", buffer, count);
      count = deflater.deflate(buffer);
    }
  }

  private static void filterRow(PixelImage image, int y, byte[] row) {
    byte[] rgb = image.rgb();
    int stride = image.width() * CHANNELS;
    int start = y * stride;
    row[0] = FILTER_PAETH;
    for (int x = 0; x < stride; x++) {
      int left = x >= CHANNELS ? rgb[start + x - CHANNELS] & 0xFF : 0;
      int above = y > 0 ? rgb[start + x - stride] & 0xFF : 0;
      int aboveLeft = x >= CHANNELS && y > 0 ? rgb[start + x - stride - CHANNELS] & 0xFF : 0;
      row[x + 1] = (byte) (rgb[start + x] - paeth(left, above, aboveLeft));
    }
  }

  private static int paeth(int left, int above, int aboveLeft) {
    int toLeft = Math.abs(above - aboveLeft);
    int toAbove = Math.abs(left - aboveLeft);
    int toAboveLeft = Math.abs(left + above - 2 * aboveLeft);
    if (toLeft <= toAbove && toLeft <= toAboveLeft) {
      return left;
    }
    return toAbove <= toAboveLeft ? above : aboveLeft;
  }

  private static void writeChunk(
      ByteArrayOutputStream file, String type, byte[] content, int length) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 checksum = new CRC32();
    checksum.update(name);
    checksum.update(content, 0, length);
    file.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
    file.writeBytes(name);
    file.write(content, 0, length);
    file.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt((int) checksum.getValue()).array());
  }
}

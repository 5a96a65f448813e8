package dev.graft.data.image;

import dev.graft.data.DataException;
import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32;

/**
 * A PNG reduced to the chunks that make its pixels.
 *
 * <p>The native decoder prints a line on standard error for each odd colour profile and each
 * checksum that fails; both are settled here instead, profiles by leaving them away (pixels are
 * taken as they are stored) and checksums by an exception. An animated PNG becomes its default
 * image.
 */
final class PngChunks {
  private static final int SIGNATURE_BYTES = 8;
  private static final int FRAME_BYTES = 12;

  private PngChunks() {}

  /**
   * The same picture without chunks that do not change its pixels; the array itself where it has
   * none.
   */
  static byte[] withoutAncillary(byte[] png, String name) {
    ByteReader in = new ByteReader(png);
    ByteArrayOutputStream kept = new ByteArrayOutputStream(png.length);
    kept.write(png, 0, SIGNATURE_BYTES);
    int at = SIGNATURE_BYTES;
    boolean ended = false;
    while (!ended) {
      int length = in.i32(at) + FRAME_BYTES;
      if (makesPixels(in, at + 4)) {
        requireIntact(png, in, at, length, name);
        kept.write(png, at, length);
      }
      ended = in.startsWith(at + 4, 'I', 'E', 'N', 'D');
      at += length;
    }
    return kept.size() == png.length ? png : kept.toByteArray();
  }

  private static boolean makesPixels(ByteReader in, int at) {
    return in.startsWith(at, 'I', 'H', 'D', 'R')
        || in.startsWith(at, 'P', 'L', 'T', 'E')
        || in.startsWith(at, 't', 'R', 'N', 'S')
        || in.startsWith(at, 'I', 'D', 'A', 'T')
        || in.startsWith(at, 'I', 'E', 'N', 'D')
        || in.startsWith(at, 'e', 'X', 'I', 'f');
  }

  private static void requireIntact(byte[] png, ByteReader in, int at, int length, String name) {
    CRC32 checksum = new CRC32();
    checksum.update(png, at + 4, length - 8);
    if ((int) checksum.getValue() != in.i32(at + length - 4)) {
      throw new DataException(
          "Cannot decode "
              + name
              + ": the PNG is damaged, a checksum fails at byte "
              + at
              + ". Copy it again or remove it.");
    }
  }
}

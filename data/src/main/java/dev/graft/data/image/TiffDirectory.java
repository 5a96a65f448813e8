package dev.graft.data.image;

import dev.graft.data.DataException;

/**
 * The first directory of a TIFF file (TIFF 6.0, section 2): the size of its picture and where the
 * picture's strips or tiles lie.
 */
final class TiffDirectory {
  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int BITS_PER_SAMPLE = 258;
  private static final int STRIP_OFFSETS = 273;
  private static final int STRIP_BYTES = 279;
  private static final int TILE_OFFSETS = 324;
  private static final int TILE_BYTES = 325;
  private static final int SHORT = 3;

  private final ByteReader in;
  private final boolean little;

  private TiffDirectory(ByteReader in) {
    this.in = in;
    this.little = in.startsWith(0, 'I');
  }

  static ImageHeader header(ByteReader in, String name) {
    return new TiffDirectory(in).read(name);
  }

  private ImageHeader read(String name) {
    int at = i32(4);
    int entries = u16(at);
    int width = 0;
    int height = 0;
    int bits = 1;
    int offsets = -1;
    int counts = -1;
    for (int i = 0; i < entries; i++) {
      int entry = at + 2 + i * 12;
      switch (u16(entry)) {
        case WIDTH -> width = value(entry, 0);
        case HEIGHT -> height = value(entry, 0);
        case BITS_PER_SAMPLE -> bits = value(entry, 0);
        case STRIP_OFFSETS, TILE_OFFSETS -> offsets = entry;
        case STRIP_BYTES, TILE_BYTES -> counts = entry;
        default -> {}
      }
    }
    if (offsets < 0) {
      throw new DataException(
          "Cannot decode " + name + ": the TIFF holds no picture. The file is damaged.");
    }
    if (bits > 16) {
      throw new DataException(
          "Cannot decode "
              + name
              + ": the TIFF has "
              + bits
              + " bits per sample; expected at most 16. Save it with 8 or 16 bits, or remove it.");
    }
    return new ImageHeader(
        ImageHeader.ImageFormat.TIFF, width, height, counts < 0 || holdsAll(offsets, counts));
  }

  private boolean holdsAll(int offsets, int counts) {
    try {
      // The number of pieces is not trusted: reading past the end stops the loop.
      for (int i = 0, pieces = i32(offsets + 4); i < pieces; i++) {
        long end = (value(offsets, i) & 0xffffffffL) + (value(counts, i) & 0xffffffffL);
        if (end > in.length()) {
          return false;
        }
      }
      return true;
    } catch (ByteReader.EndOfContent end) {
      return false;
    }
  }

  /**
   * Value i of an entry: in the entry itself where all values fit into four bytes, else where the
   * entry points to.
   */
  private int value(int entry, int i) {
    boolean isShort = u16(entry + 2) == SHORT;
    int width = isShort ? 2 : 4;
    boolean inside = (i32(entry + 4) & 0xffffffffL) * width <= 4;
    int at = (inside ? entry + 8 : i32(entry + 8)) + i * width;
    return isShort ? u16(at) : i32(at);
  }

  private int u16(int at) {
    return little ? in.u16Little(at) : in.u16(at);
  }

  private int i32(int at) {
    return little ? in.i32Little(at) : in.i32(at);
  }
}

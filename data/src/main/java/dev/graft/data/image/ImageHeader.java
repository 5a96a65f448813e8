package dev.graft.data.image;

import dev.graft.data.DataException;

/**
 * What the first bytes of an image file say, read without decoding: its format and size, and
 * whether the file ends before its content does.
 *
 * <p>Sources: ITU-T T.81 annex B (JPEG), W3C PNG third edition, GIF89a, the BITMAPINFOHEADER
 * structure (BMP), RFC 9649 (WebP), TIFF 6.0.
 *
 * @param format the format by content, whatever the file is called
 * @param width columns, before any rotation
 * @param height rows, before any rotation
 * @param complete false where the content is cut off
 */
record ImageHeader(ImageFormat format, int width, int height, boolean complete) {

  /** The formats that are recognised. */
  enum ImageFormat {
    JPEG,
    PNG,
    GIF,
    BMP,
    WEBP,
    TIFF
  }

  long pixels() {
    return (long) width * height;
  }

  /**
   * Reads the header.
   *
   * @throws DataException where the content is empty, of no known format, or damaged before the
   *     size is known
   */
  static ImageHeader read(byte[] bytes, String name) {
    if (bytes.length == 0) {
      throw new DataException(
          "Cannot decode " + name + ": the file is empty (0 bytes). Copy it again or remove it.");
    }
    ByteReader in = new ByteReader(bytes);
    ImageHeader header;
    try {
      header = sniff(in, name);
    } catch (ByteReader.EndOfContent end) {
      throw new DataException(
          "Cannot decode "
              + name
              + ": the file is truncated, its "
              + bytes.length
              + " bytes end inside the header. Copy it again or remove it.",
          end);
    }
    if (header.width < 1 || header.height < 1) {
      throw new DataException(
          "Cannot decode "
              + name
              + ": the "
              + header.format
              + " header gives no usable size ("
              + header.width
              + "x"
              + header.height
              + "). The file is damaged.");
    }
    return header;
  }

  private static ImageHeader sniff(ByteReader in, String name) {
    if (in.startsWith(0, 0xff, 0xd8, 0xff)) {
      return jpeg(in, name);
    }
    if (in.startsWith(0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n')) {
      return png(in);
    }
    if (in.startsWith(0, 'G', 'I', 'F', '8')) {
      return gif(in);
    }
    if (in.startsWith(0, 'R', 'I', 'F', 'F') && in.startsWith(8, 'W', 'E', 'B', 'P')) {
      return webp(in, name);
    }
    if (in.startsWith(0, 'I', 'I', 42, 0) || in.startsWith(0, 'M', 'M', 0, 42)) {
      return TiffDirectory.header(in, name);
    }
    if (in.startsWith(0, 'B', 'M') && in.length() > 18) {
      return bmp(in);
    }
    throw new DataException(
        "Cannot decode "
            + name
            + ": it is no image. Expected JPEG, PNG, GIF, BMP, WebP or TIFF, found content that begins with "
            + in.describeStart()
            + ". It may have been renamed; remove it from the data.");
  }

  private static ImageHeader jpeg(ByteReader in, String name) {
    int at = 2;
    int width = 0;
    int height = 0;
    while (true) {
      while (in.u8(at) != 0xff) {
        at++;
      }
      while (in.u8(at) == 0xff) {
        at++;
      }
      int marker = in.u8(at++);
      boolean alone = marker == 0x01 || marker == 0x00 || (marker >= 0xd0 && marker <= 0xd8);
      if (alone) {
        continue;
      }
      if (marker == 0xd9) {
        throw new DataException(
            "Cannot decode "
                + name
                + ": the JPEG ends before its picture begins. The file is damaged.");
      }
      int length = in.u16(at);
      boolean startOfFrame =
          marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
      if (startOfFrame) {
        height = in.u16(at + 3);
        width = in.u16(at + 5);
      }
      at += Math.max(2, length);
      if (marker == 0xda) {
        // Inside a scan 0xff is always followed by 0, so the pair can only be the end marker; junk
        // may follow it.
        return new ImageHeader(ImageFormat.JPEG, width, height, in.lastIndexOf(0xff, 0xd9) >= at);
      }
    }
  }

  private static ImageHeader png(ByteReader in) {
    int width = in.i32(16);
    int height = in.i32(20);
    long at = 8;
    boolean ended = false;
    while (!ended && at + 12 <= in.length()) {
      ended = in.startsWith((int) at + 4, 'I', 'E', 'N', 'D');
      at += 12 + (in.i32((int) at) & 0xffffffffL);
    }
    return new ImageHeader(ImageFormat.PNG, width, height, ended && at <= in.length());
  }

  private static ImageHeader gif(ByteReader in) {
    int width = in.u16Little(6);
    int height = in.u16Little(8);
    int flags = in.u8(10);
    int at = 13 + ((flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1));
    while (in.u8(at) == 0x21) {
      at = endOfBlocks(in, at + 2);
    }
    if (in.u8(at) != 0x2c) {
      return new ImageHeader(ImageFormat.GIF, width, height, false);
    }
    // A frame may be larger than the screen that the header announces.
    width = Math.max(width, in.u16Little(at + 1) + in.u16Little(at + 5));
    height = Math.max(height, in.u16Little(at + 3) + in.u16Little(at + 7));
    int frameFlags = in.u8(at + 9);
    at += 10 + ((frameFlags & 0x80) == 0 ? 0 : 3 << ((frameFlags & 7) + 1));
    try {
      endOfBlocks(in, at + 1);
      return new ImageHeader(ImageFormat.GIF, width, height, true);
    } catch (ByteReader.EndOfContent end) {
      return new ImageHeader(ImageFormat.GIF, width, height, false);
    }
  }

  private static int endOfBlocks(ByteReader in, int start) {
    int at = start;
    while (in.u8(at) != 0) {
      at += in.u8(at) + 1;
    }
    return at + 1;
  }

  private static ImageHeader webp(ByteReader in, String name) {
    long announced = (in.i32Little(4) & 0xffffffffL) + 8;
    boolean complete = announced <= in.length() + 1L;
    if (in.startsWith(12, 'V', 'P', '8', 'X')) {
      return new ImageHeader(
          ImageFormat.WEBP, in.u24Little(24) + 1, in.u24Little(27) + 1, complete);
    }
    if (in.startsWith(12, 'V', 'P', '8', 'L')) {
      int bits = in.i32Little(21);
      return new ImageHeader(
          ImageFormat.WEBP, (bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1, complete);
    }
    if (in.startsWith(12, 'V', 'P', '8', ' ')) {
      return new ImageHeader(
          ImageFormat.WEBP, in.u16Little(26) & 0x3fff, in.u16Little(28) & 0x3fff, complete);
    }
    throw new DataException(
        "Cannot decode " + name + ": the WebP holds no picture. The file is damaged.");
  }

  private static ImageHeader bmp(ByteReader in) {
    long pixelsAt = in.i32Little(10) & 0xffffffffL;
    boolean core = in.i32Little(14) == 12;
    int width = core ? in.u16Little(18) : in.i32Little(18);
    int height = core ? in.u16Little(20) : Math.abs(in.i32Little(22));
    int bits = core ? in.u16Little(24) : in.u16Little(28);
    int compression = core ? 0 : in.i32Little(30);
    boolean runLength = compression == 1 || compression == 2;
    long rowBytes = ((long) width * bits + 31) / 32 * 4;
    boolean complete = runLength || pixelsAt + rowBytes * height <= in.length() + 3L;
    return new ImageHeader(ImageFormat.BMP, width, height, complete);
  }
}

package dev.graft.data.image;

/**
 * Reads numbers at any place of a byte array; a place outside of it ends in {@link EndOfContent},
 * never in another error.
 */
final class ByteReader {

  /** The content ended before the number that was asked for. */
  static final class EndOfContent extends RuntimeException {
    private EndOfContent(int at) {
      super("content ends before byte " + at, null, false, false);
    }
  }

  private final byte[] bytes;

  ByteReader(byte[] bytes) {
    this.bytes = bytes;
  }

  int length() {
    return bytes.length;
  }

  int u8(int at) {
    if (at < 0 || at >= bytes.length) {
      throw new EndOfContent(at);
    }
    return bytes[at] & 0xff;
  }

  int u16(int at) {
    return u8(at) << 8 | u8(at + 1);
  }

  int u16Little(int at) {
    return u8(at + 1) << 8 | u8(at);
  }

  int u24Little(int at) {
    return u8(at + 2) << 16 | u16Little(at);
  }

  int i32(int at) {
    return u16(at) << 16 | u16(at + 2);
  }

  int i32Little(int at) {
    return u16Little(at + 2) << 16 | u16Little(at);
  }

  boolean startsWith(int at, int... expected) {
    if (at < 0 || at + expected.length > bytes.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (u8(at + i) != expected[i]) {
        return false;
      }
    }
    return true;
  }

  int lastIndexOf(int first, int second) {
    for (int at = bytes.length - 2; at >= 0; at--) {
      if (u8(at) == first && u8(at + 1) == second) {
        return at;
      }
    }
    return -1;
  }

  /** The first bytes as text where they are printable, else in hexadecimal. */
  String describeStart() {
    int count = Math.min(8, bytes.length);
    StringBuilder text = new StringBuilder();
    StringBuilder hex = new StringBuilder();
    boolean printable = true;
    for (int i = 0; i < count; i++) {
      int value = u8(i);
      printable &= value >= 0x20 && value < 0x7f;
      text.append((char) value);
      hex.append(i == 0 ? "" : " ")
          .append(Character.forDigit(value >> 4, 16))
          .append(Character.forDigit(value & 15, 16));
    }
    return printable ? "\"" + text + "\"" : "bytes " + hex;
  }
}

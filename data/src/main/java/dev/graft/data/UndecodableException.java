package dev.graft.data;

import java.nio.charset.Charset;
import java.util.Locale;

/** Bytes that are none of the expected encoding. */
final class UndecodableException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int place;
  private final byte found;
  private final String encoding;

  UndecodableException(int place, byte found, Charset charset) {
    this.place = place;
    this.found = found;
    this.encoding = charset.name();
  }

  /** Where the first of them is, from 0. */
  int place() {
    return place;
  }

  /** What is wrong, as a clause. */
  String describe(long line) {
    return String.format(
        Locale.ROOT, "line %d has the byte 0x%02X, which is no %s there", line, found, encoding);
  }
}

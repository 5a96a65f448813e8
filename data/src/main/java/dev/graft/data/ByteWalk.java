package dev.graft.data;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** Bytes one by one with their place in the file. Not thread-safe. */
final class ByteWalk implements Closeable {
  private static final int BUFFER = 1 << 16;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int filled;
  private long before;

  ByteWalk(InputStream in) {
    this.in = in;
  }

  /** Passes over the byte order mark of UTF-8, if that is what comes first. */
  void skipMark() throws IOException {
    filled = in.readNBytes(buffer, 0, BUFFER);
    if (filled > 2
        && buffer[0] == (byte) 0xef
        && buffer[1] == (byte) 0xbb
        && buffer[2] == (byte) 0xbf) {
      at = 3;
    }
  }

  /** The next byte, 0 to 255, without going on; -1 at the end. */
  int peek() throws IOException {
    if (at == filled) {
      before += filled;
      filled = Math.max(0, in.read(buffer, 0, BUFFER));
      at = 0;
      if (filled == 0) {
        return -1;
      }
    }
    return buffer[at] & 0xff;
  }

  /** The next byte, 0 to 255; -1 at the end. */
  int read() throws IOException {
    int next = peek();
    if (next >= 0) {
      at++;
    }
    return next;
  }

  /** The place of the next byte in the file. */
  long place() {
    return before + at;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

package dev.graft.cli;

import dev.graft.data.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Raw samples as they come: 16 bits, signed, little-endian, one channel, x / 32768. */
final class RawSamples implements SampleSource {
  private static final int BYTES = 2;
  private static final float FULL_SCALE = 32_768;

  private final InputStream in;
  private final String name;
  private byte[] bytes = new byte[0];
  private int kept;

  /**
   * @param name what to call it in messages
   */
  RawSamples(InputStream in, String name) {
    this.in = in;
    this.name = name;
  }

  @Override
  public int read(float[] target) {
    if (bytes.length < BYTES * target.length) {
      bytes = Arrays.copyOf(bytes, BYTES * target.length);
    }
    try {
      while (kept < BYTES) {
        int got = in.read(bytes, kept, BYTES * target.length - kept);
        if (got < 0) {
          return ended();
        }
        kept += got;
      }
    } catch (IOException failure) {
      throw new DataException("Cannot read " + name + ": " + failure.getMessage() + ".", failure);
    }
    int count = kept / BYTES;
    for (int i = 0; i < count; i++) {
      int low = bytes[BYTES * i] & 0xff;
      target[i] = (short) (bytes[BYTES * i + 1] << 8 | low) / FULL_SCALE;
    }
    if (kept > BYTES * count) {
      bytes[0] = bytes[BYTES * count];
    }
    kept -= BYTES * count;
    return count;
  }

  private int ended() {
    if (kept > 0) {
      throw new DataException(
          "Cannot use the end of "
              + name
              + ": samples of 2 bytes are expected, but a single byte is left. Send raw samples of"
              + " 16 bits, signed, little-endian, one channel.");
    }
    return 0;
  }

  @Override
  public boolean isLive() {
    return true;
  }

  @Override
  public void close() {
    // The stream is not this one's to close.
  }
}

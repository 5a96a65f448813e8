package dev.graft.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes samples as a WAV file without loss: mono, 32-bit floating point.
 *
 * <p>Source: IBM and Microsoft 1991, "Multimedia Programming Interface and Data Specifications
 * 1.0", chapter 3, with the format tag 3 (IEEE float). Stateless, thread-safe.
 */
final class FloatWav {
  private static final short FORMAT_FLOAT = 3;
  private static final int HEADER_BYTES = 44;

  private FloatWav() {}

  /** The whole file. */
  static byte[] encode(float[] samples, int sampleRate) {
    int data = Math.multiplyExact(samples.length, Float.BYTES);
    ByteBuffer file = ByteBuffer.allocate(HEADER_BYTES + data).order(ByteOrder.LITTLE_ENDIAN);
    file.put(word("RIFF")).putInt(HEADER_BYTES - 8 + data).put(word("WAVE"));
    file.put(word("fmt ")).putInt(16).putShort(FORMAT_FLOAT).putShort((short) 1);
    file.putInt(sampleRate).putInt(sampleRate * Float.BYTES);
    file.putShort((short) Float.BYTES).putShort((short) Float.SIZE);
    file.put(word("data")).putInt(data);
    for (float sample : samples) {
      file.putFloat(sample);
    }
    return file.array();
  }

  private static byte[] word(String letters) {
    return letters.getBytes(StandardCharsets.US_ASCII);
  }
}

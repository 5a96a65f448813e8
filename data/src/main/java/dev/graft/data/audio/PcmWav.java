package dev.graft.data.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes samples as a WAV file that everything plays: mono, 16-bit integers.
 *
 * <p>Source: IBM and Microsoft 1991, "Multimedia Programming Interface and Data Specifications
 * 1.0", chapter 3. Stateless, thread-safe.
 */
public final class PcmWav {
  private static final int HEADER_BYTES = 44;
  private static final short FORMAT_PCM = 1;
  private static final int FULL_SCALE = 32_768;

  private PcmWav() {}

  /** The whole file: samples times 32,768, rounded, and cut off at both ends of the range. */
  public static byte[] encode(Waveform clip) {
    int data = Math.multiplyExact(clip.samples().length, Short.BYTES);
    ByteBuffer file =
        ByteBuffer.allocate(Math.addExact(HEADER_BYTES, data)).order(ByteOrder.LITTLE_ENDIAN);
    file.put(word("RIFF")).putInt(HEADER_BYTES - 8 + data).put(word("WAVE"));
    file.put(word("fmt ")).putInt(16).putShort(FORMAT_PCM).putShort((short) 1);
    file.putInt(clip.sampleRate()).putInt(clip.sampleRate() * Short.BYTES);
    file.putShort((short) Short.BYTES).putShort((short) Short.SIZE);
    file.put(word("data")).putInt(data);
    for (float sample : clip.samples()) {
      int value = Math.round(sample * FULL_SCALE);
      file.putShort((short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, value)));
    }
    return file.array();
  }

  private static byte[] word(String letters) {
    return letters.getBytes(StandardCharsets.US_ASCII);
  }
}

package dev.graft.benchmarks.speech;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * WAV files with 16-bit PCM and one channel, as synthesizers write them (RIFF, "Multimedia
 * Programming Interface and Data Specifications 1.0", 1991). Stateless, thread-safe.
 */
final class WaveFiles {
  private static final int HEADER_BYTES = 44;
  private static final int PCM = 1;
  private static final double FULL_SCALE = 32768;

  /** Ten minutes at 48 kHz. */
  private static final long MOST_BYTES = 60_000_000;

  private WaveFiles() {}

  /**
   * Reads one.
   *
   * @throws IOException if it is missing, damaged or of another kind
   */
  static Waveform read(Path file) throws IOException {
    long size = Files.size(file);
    if (size < HEADER_BYTES || size > MOST_BYTES) {
      throw unexpected(file, HEADER_BYTES + " to " + MOST_BYTES + " bytes", Long.toString(size));
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    String riff = tag(bytes);
    // The length that follows is wrong in streamed files; that of the chunk with the samples
    // counts.
    bytes.getInt();
    if (!riff.equals("RIFF") || !tag(bytes).equals("WAVE")) {
      throw unexpected(file, "a WAV file", "another beginning");
    }
    int rate = 0;
    while (bytes.remaining() >= 8) {
      String chunk = tag(bytes);
      long length = Integer.toUnsignedLong(bytes.getInt());
      if (chunk.equals("data")) {
        if (rate == 0) {
          throw unexpected(file, "the format before the samples", "none");
        }
        return new Waveform(samples(bytes, Math.min(length, bytes.remaining())), rate);
      }
      if (length > bytes.remaining()) {
        break;
      }
      int next = bytes.position() + (int) length + (int) (length & 1);
      if (chunk.equals("fmt ") && length >= 16) {
        rate = rate(bytes, file);
      }
      bytes.position(Math.min(next, bytes.limit()));
    }
    throw unexpected(file, "samples", "the end of the file");
  }

  private static int rate(ByteBuffer format, Path file) throws IOException {
    int encoding = format.getShort();
    int channels = format.getShort();
    int rate = format.getInt();
    format.getInt();
    format.getShort();
    int bits = format.getShort();
    if (encoding != PCM || channels != 1 || bits != 16 || rate < 8_000 || rate > 48_000) {
      throw unexpected(
          file,
          "PCM of 16 bits, one channel, 8 to 48 kHz",
          String.format(
              "encoding %d, %d bits, %d channels, %d Hz", encoding, bits, channels, rate));
    }
    return rate;
  }

  private static float[] samples(ByteBuffer bytes, long length) {
    float[] samples = new float[(int) (length / 2)];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (bytes.getShort() / FULL_SCALE);
    }
    return samples;
  }

  private static String tag(ByteBuffer bytes) {
    byte[] tag = new byte[4];
    bytes.get(tag);
    return new String(tag, StandardCharsets.ISO_8859_1);
  }

  private static IOException unexpected(Path file, String expected, String found) {
    return new IOException("Reading " + file + ": expected " + expected + ", found " + found);
  }

  /** Writes one; an existing file is replaced. */
  static void write(Path file, Waveform sound) throws IOException {
    int dataBytes = 2 * sound.samples().length;
    ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(ascii("RIFF")).putInt(HEADER_BYTES - 8 + dataBytes).put(ascii("WAVE"));
    putFormat(bytes, sound.rate());
    bytes.put(ascii("data")).putInt(dataBytes);
    putSamples(bytes, sound.samples(), 0, sound.samples().length);
    Files.write(file, bytes.array());
  }

  /** The chunk that tells the format: 24 bytes. */
  static void putFormat(ByteBuffer bytes, int rate) {
    bytes.put(ascii("fmt ")).putInt(16).putShort((short) PCM).putShort((short) 1);
    bytes.putInt(rate).putInt(2 * rate).putShort((short) 2).putShort((short) 16);
  }

  static void putSamples(ByteBuffer bytes, float[] samples, int from, int to) {
    for (int i = from; i < to; i++) {
      long value = Math.round(samples[i] * FULL_SCALE);
      bytes.putShort((short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, value)));
    }
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

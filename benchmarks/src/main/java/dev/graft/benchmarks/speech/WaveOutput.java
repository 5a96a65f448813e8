package dev.graft.benchmarks.speech;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A WAV file of any length, written piece by piece beside its place. From 4 GiB on it is an RF64
 * file (EBU Tech 3306): the room for its sizes is a JUNK chunk until then. Not thread-safe.
 */
final class WaveOutput implements AutoCloseable {
  /** RIFF 12, JUNK or ds64 8 + 28, fmt 24, data 8. */
  static final int HEADER_BYTES = 80;

  private static final int SIZES_BYTES = 28;
  private static final long MOST_RIFF_BYTES = 0xFFFF_FFFFL;

  private final Path file;
  private final Path beside;
  private final FileChannel out;
  private final int rate;
  private long samples;
  private boolean finished;

  /** Begins a file; one that is there stays until {@link #finish}. */
  WaveOutput(Path file, int rate) throws IOException {
    this.file = file;
    this.rate = rate;
    beside = file.resolveSibling(file.getFileName() + ".partial");
    out =
        FileChannel.open(
            beside,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    write(ByteBuffer.allocate(HEADER_BYTES));
  }

  /** Appends samples; what is outside [-1, 1] is clipped. */
  void append(float[] sound, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(2 * count).order(ByteOrder.LITTLE_ENDIAN);
    WaveFiles.putSamples(bytes, sound, 0, count);
    write(bytes.flip());
    samples += count;
  }

  long samples() {
    return samples;
  }

  /** Gives the finished file its place. */
  void finish() throws IOException {
    out.position(0);
    write(header(samples, rate));
    out.force(true);
    out.close();
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    finished = true;
  }

  /** The beginning of a file with so many samples. */
  static ByteBuffer header(long samples, int rate) {
    long dataBytes = 2 * samples;
    long riffBytes = HEADER_BYTES - 8 + dataBytes;
    boolean large = riffBytes > MOST_RIFF_BYTES;
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.put(WaveFiles.ascii(large ? "RF64" : "RIFF"));
    header.putInt(large ? -1 : (int) riffBytes).put(WaveFiles.ascii("WAVE"));
    header.put(WaveFiles.ascii(large ? "ds64" : "JUNK")).putInt(SIZES_BYTES);
    if (large) {
      header.putLong(riffBytes).putLong(dataBytes).putLong(samples).putInt(0);
    } else {
      header.position(header.position() + SIZES_BYTES);
    }
    WaveFiles.putFormat(header, rate);
    header.put(WaveFiles.ascii("data")).putInt(large ? -1 : (int) dataBytes);
    return header.flip();
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  /** Removes what was written, unless it was finished. */
  @Override
  public void close() throws IOException {
    if (!finished) {
      out.close();
      Files.deleteIfExists(beside);
    }
  }
}

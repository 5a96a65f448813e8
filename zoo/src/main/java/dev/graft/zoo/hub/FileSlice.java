package dev.graft.zoo.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongConsumer;

/**
 * A stretch of a file that is sent as a body, and sent again where that fails. Nothing of it is
 * held in memory. Not thread-safe.
 */
final class FileSlice {
  private final Path file;
  private final long first;
  private final long count;
  private final LongConsumer sent;
  private long told;

  /**
   * @param sent called with how many bytes went, and with a negative count where they go again
   */
  FileSlice(Path file, long first, long count, LongConsumer sent) {
    this.file = file;
    this.first = first;
    this.count = count;
    this.sent = sent;
  }

  /** A body of a known length; each begins anew. */
  BodyPublisher publisher() {
    if (count == 0) {
      return BodyPublishers.noBody();
    }
    return BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(this::open), count);
  }

  private InputStream open() {
    sent.accept(-told);
    told = 0;
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      return new Stretch(Channels.newInputStream(channel.position(first)), count);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Ends after a number of bytes, and tells of each read. */
  private final class Stretch extends InputStream {
    private final InputStream in;
    private long left;

    Stretch(InputStream in, long left) {
      this.in = in;
      this.left = left;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int read = in.read(bytes, offset, (int) Math.min(length, left));
      if (read < 0) {
        throw new IOException(file + " became shorter while it was sent");
      }
      left -= read;
      told += read;
      sent.accept(read);
      return read;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}

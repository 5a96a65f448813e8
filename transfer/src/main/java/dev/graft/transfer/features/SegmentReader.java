package dev.graft.transfer.features;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Reads the rows of one segment. Thread-safe; reading takes no lock once the file is open. */
final class SegmentReader implements AutoCloseable {

  private static final int ENTRIES_AT_ONCE = 4096;
  private static final int MOST_ATTEMPTS = 10;

  /** Takes what the index of a segment says. */
  interface EntryConsumer {
    void accept(RowDigest digest, int row, int checksum);
  }

  private final SegmentName name;
  private final Runnable beforeOpening;
  private volatile @Nullable FileChannel channel;
  private boolean closed;

  SegmentReader(SegmentName name, Runnable beforeOpening) {
    this.name = name;
    this.beforeOpening = beforeOpening;
  }

  /**
   * Reads the index: whole entries whose row has all its bytes. A torn tail, an entry that changed
   * on disk and an entry ahead of its row are passed over.
   */
  void scan(int rowBytes, EntryConsumer consumer) throws IOException {
    if (!Files.isRegularFile(name.rowsFile(), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    long rows = Math.min(Integer.MAX_VALUE, Files.size(name.rowsFile()) / rowBytes);
    byte[] block = new byte[ENTRIES_AT_ONCE * SegmentFormat.ENTRY_BYTES];
    int row = 0;
    try (InputStream index = new FileInputStream(name.indexFile().toFile())) {
      while (row < rows) {
        int entries = index.readNBytes(block, 0, block.length) / SegmentFormat.ENTRY_BYTES;
        for (int entry = 0; entry < entries && row < rows; entry++, row++) {
          int offset = entry * SegmentFormat.ENTRY_BYTES;
          if (SegmentFormat.isWhole(block, offset)) {
            consumer.accept(
                SegmentFormat.digestAt(block, offset),
                row,
                SegmentFormat.rowChecksumAt(block, offset));
          }
        }
        if (entries < ENTRIES_AT_ONCE) {
          return;
        }
      }
    }
  }

  /** Reads one row; says whether all its bytes were there. */
  boolean read(int row, byte[] into) {
    // An interrupted thread would close the channel for all others by touching it.
    boolean interrupted = Thread.interrupted();
    try {
      for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        try {
          FileChannel open = openChannel();
          return open != null && readFully(open, ByteBuffer.wrap(into), (long) row * into.length);
        } catch (ClosedChannelException e) {
          // Closed by an interrupt, here or elsewhere, or to stay below the limit: open it again.
          interrupted |= Thread.interrupted();
        }
      }
      return false;
    } catch (IOException e) {
      // What cannot be read is computed again.
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static boolean readFully(FileChannel from, ByteBuffer into, long position)
      throws IOException {
    while (into.hasRemaining()) {
      int count = from.read(into, position + into.position());
      if (count < 0) {
        return false;
      }
    }
    return true;
  }

  private @Nullable FileChannel openChannel() throws IOException {
    FileChannel current = channel;
    if (current != null && current.isOpen()) {
      return current;
    }
    beforeOpening.run();
    synchronized (this) {
      current = channel;
      if (closed || (current != null && current.isOpen())) {
        return closed ? null : current;
      }
      FileChannel opened =
          FileChannel.open(name.rowsFile(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
      channel = opened;
      return opened;
    }
  }

  /** Gives the file back until the next read. */
  synchronized void release() {
    FileChannel current = channel;
    channel = null;
    if (current != null) {
      try {
        current.close();
      } catch (IOException e) {
        // Nothing was written through it, so nothing is lost.
      }
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    release();
  }
}

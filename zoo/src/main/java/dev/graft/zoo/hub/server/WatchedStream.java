package dev.graft.zoo.hub.server;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Tells while a read waits for the client. Not thread-safe. */
final class WatchedStream extends FilterInputStream {
  private final Runnable waits;
  private final Runnable ended;

  WatchedStream(InputStream in, Runnable waits, Runnable ended) {
    super(in);
    this.waits = waits;
    this.ended = ended;
  }

  @Override
  public int read() throws IOException {
    waits.run();
    try {
      return super.read();
    } finally {
      ended.run();
    }
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    waits.run();
    try {
      return super.read(bytes, offset, length);
    } finally {
      ended.run();
    }
  }
}

package dev.graft.zoo.hub.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;

/** The parts of an object, one after the other. Not thread-safe. */
final class PartStream extends InputStream {
  private final ObjectStore store;
  private final String sha256;
  private final long parts;
  private long number;
  private InputStream part = InputStream.nullInputStream();

  PartStream(ObjectStore store, String sha256, long parts) {
    this.store = store;
    this.sha256 = sha256;
    this.parts = parts;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int count = part.read(bytes, offset, length);
    while (count < 0 && number < parts) {
      part.close();
      number++;
      part = Files.newInputStream(store.part(sha256, number));
      count = part.read(bytes, offset, length);
    }
    return count;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public void close() throws IOException {
    part.close();
  }
}

package dev.graft.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Lends native-memory buffers for a model's inputs, so that a long run over many images does not
 * leave one buffer per image to the garbage collector, which sees only their small heap objects.
 *
 * <p>Thread-safe. Keeps at most {@value #KEPT_BUFFERS} buffers of at most {@value
 * #KEPT_BUFFER_BYTES} bytes each.
 */
final class DirectBuffers {

  private static final int KEPT_BUFFERS = 4;
  private static final int KEPT_BUFFER_BYTES = 16 << 20;
  private static final int GRAIN_BYTES = 1 << 16;

  private final List<ByteBuffer> free = new ArrayList<>();

  /** A buffer of native byte order with exactly {@code byteCount} bytes between 0 and its limit. */
  synchronized ByteBuffer take(int byteCount) {
    int fitting = -1;
    for (int i = 0; i < free.size(); i++) {
      int capacity = free.get(i).capacity();
      if (capacity >= byteCount && (fitting < 0 || capacity < free.get(fitting).capacity())) {
        fitting = i;
      }
    }
    // By index, because ByteBuffer.equals compares contents.
    ByteBuffer buffer = fitting < 0 ? allocate(byteCount) : free.remove(fitting);
    buffer.clear().limit(byteCount);
    return buffer;
  }

  /** Takes a buffer back; the caller must not use it any more. */
  synchronized void giveBack(ByteBuffer buffer) {
    if (buffer.capacity() > KEPT_BUFFER_BYTES) {
      return;
    }
    if (free.size() == KEPT_BUFFERS) {
      free.remove(0);
    }
    free.add(buffer);
  }

  private static ByteBuffer allocate(int byteCount) {
    long rounded = ((long) byteCount + GRAIN_BYTES - 1) / GRAIN_BYTES * GRAIN_BYTES;
    int capacity = (int) Math.max(byteCount, Math.min(rounded, Integer.MAX_VALUE - 8L));
    return ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
  }
}

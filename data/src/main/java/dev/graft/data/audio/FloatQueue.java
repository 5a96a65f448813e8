package dev.graft.data.audio;

import java.util.Arrays;

/** Samples that wait to be read: written at the end, read from the front. */
final class FloatQueue {
  private float[] values = new float[1 << 13];
  private int head;
  private int tail;

  int size() {
    return tail - head;
  }

  void add(float[] source, int offset, int count) {
    reserve(count);
    System.arraycopy(source, offset, values, tail, count);
    tail += count;
  }

  void addZeros(int count) {
    reserve(count);
    Arrays.fill(values, tail, tail + count, 0f);
    tail += count;
  }

  private void reserve(int count) {
    if (tail + count > values.length && head > 0) {
      System.arraycopy(values, head, values, 0, size());
      tail -= head;
      head = 0;
    }
    if (tail + count > values.length) {
      long wanted = Math.max(2L * values.length, (long) tail + count);
      values = Arrays.copyOf(values, (int) Math.min(Integer.MAX_VALUE - 8, wanted));
    }
  }

  /** Moves up to {@code count} values out and returns how many there were. */
  int poll(float[] target, int offset, int count) {
    int moved = Math.min(count, size());
    System.arraycopy(values, head, target, offset, moved);
    head += moved;
    return moved;
  }

  /** Takes values away from the end. */
  void dropLast(int count) {
    tail -= Math.min(count, size());
  }

  float[] toArray() {
    return Arrays.copyOfRange(values, head, tail);
  }
}

package dev.graft.data.image;

/** Memory that a thread uses again for each image, so that a stream of images makes no garbage. */
final class Scratch {
  private static final ThreadLocal<float[]> PLANES = ThreadLocal.withInitial(() -> new float[0]);
  private static final ThreadLocal<float[]> WARPED = ThreadLocal.withInitial(() -> new float[0]);
  private static final ThreadLocal<float[]> ROWS = ThreadLocal.withInitial(() -> new float[0]);
  private static final ThreadLocal<float[]> SUM = ThreadLocal.withInitial(() -> new float[0]);

  private Scratch() {}

  static float[] planes(int count) {
    return exactly(PLANES, count);
  }

  static float[] warped(int count) {
    return exactly(WARPED, count);
  }

  static float[] rows(int count) {
    return atLeast(ROWS, count);
  }

  static float[] sum(int count) {
    return atLeast(SUM, count);
  }

  private static float[] exactly(ThreadLocal<float[]> slot, int count) {
    float[] held = slot.get();
    if (held.length != count) {
      held = new float[count];
      slot.set(held);
    }
    return held;
  }

  private static float[] atLeast(ThreadLocal<float[]> slot, int count) {
    float[] held = slot.get();
    if (held.length < count) {
      held = new float[count];
      slot.set(held);
    }
    return held;
  }
}

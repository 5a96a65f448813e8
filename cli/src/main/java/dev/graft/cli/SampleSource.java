package dev.graft.cli;

/** Where the sound comes from that is listened to: mono samples in [-1, 1] at one rate. */
interface SampleSource extends AutoCloseable {
  /**
   * Reads the next samples, waiting for at least one.
   *
   * @return how many were written, 0 at the end
   */
  int read(float[] target);

  /** Whether sound comes no faster than it is heard, so that answers must not wait. */
  boolean isLive();

  @Override
  void close();
}

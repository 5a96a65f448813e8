package dev.graft.zoo.hub;

import java.time.Duration;

/** Adds up what the threads of a pull have done. Thread-safe. */
final class PullProgress {
  private final PullListener listener;
  private long doneBytes;
  private long wholeBytes;
  private long receivedBytes;

  PullProgress(PullListener listener) {
    this.listener = listener;
  }

  synchronized void plan(long bytes) {
    wholeBytes = Math.addExact(wholeBytes, bytes);
  }

  /** Bytes that lay in the cache already, or that do not count any more where negative. */
  synchronized void kept(long bytes) {
    doneBytes += bytes;
    listener.progress(doneBytes, wholeBytes, receivedBytes);
  }

  synchronized void received(int bytes) {
    doneBytes += bytes;
    receivedBytes += bytes;
    listener.progress(doneBytes, wholeBytes, receivedBytes);
  }

  synchronized void waitsForOther(HubFileName file) {
    listener.waitsForOther(file);
  }

  synchronized void waits(String reason, Duration wait) {
    listener.waits(reason, wait);
  }
}

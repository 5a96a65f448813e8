package dev.graft.zoo.hub;

/** Hears how far a push is; called by one thread at a time. An exception that it throws ends it. */
public interface PushListener extends WaitListener {
  /**
   * Called as bytes go.
   *
   * @param sentBytes of objects by now
   * @param wholeBytes of all objects that the hub does not have
   */
  void progress(long sentBytes, long wholeBytes);
}

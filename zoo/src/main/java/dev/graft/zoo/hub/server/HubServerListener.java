package dev.graft.zoo.hub.server;

/** Told what the server does; called by many threads at once. */
public interface HubServerListener {
  /** Listens to nothing. */
  HubServerListener NOTHING = (method, path, status, bytes) -> {};

  /**
   * A request was answered.
   *
   * @param method such as GET
   * @param path as it was asked for, percent-encoded, without the query
   * @param status such as 200
   * @param bytes of the answer's body
   */
  void answered(String method, String path, int status, long bytes);
}

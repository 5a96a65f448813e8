package dev.graft.zoo.hub;

import java.util.List;

/**
 * Hears how far a pull is. Calls come one at a time, from any thread; an exception that a call
 * throws ends the pull, and what came so far is kept.
 */
public interface PullListener extends WaitListener {
  /**
   * Called once what is needed is known.
   *
   * @param files by name
   * @param wholeBytes of all of them
   * @param choice which ONNX file was taken and why, in one sentence
   */
  void chosen(List<HubFileName> files, long wholeBytes, String choice);

  /**
   * Called as bytes come.
   *
   * @param doneBytes that lie in the cache, those from before included
   * @param wholeBytes of all files
   * @param receivedBytes that came over the network by now
   */
  void progress(long doneBytes, long wholeBytes, long receivedBytes);

  /** Called when somebody else fetches the same file, before waiting for them. */
  void waitsForOther(HubFileName file);
}

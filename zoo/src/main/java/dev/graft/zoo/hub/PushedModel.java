package dev.graft.zoo.hub;

import java.util.List;
import java.util.Optional;

/**
 * What a push has done.
 *
 * @param commit that was made
 * @param address of the commit, as the hub tells it
 * @param pullRequest the address of the pull request; empty where the branch itself was changed
 * @param sentBytes of objects
 * @param presentBytes of objects that the hub had already
 * @param deleted files that were there and are none of the model's any more
 */
public record PushedModel(
    String commit,
    String address,
    Optional<String> pullRequest,
    long sentBytes,
    long presentBytes,
    List<String> deleted) {
  /** Copies the list. */
  public PushedModel {
    deleted = List.copyOf(deleted);
  }
}

package dev.graft.zoo.hub;

import dev.graft.zoo.BackboneKind;
import java.util.List;
import java.util.Optional;

/**
 * A model in the cache, whoever put it there. Immutable and thread-safe.
 *
 * @param revisions branches and tags that were seen, such as main, with their commits
 * @param sizeBytes that it takes on the disk
 * @param hasOnnx whether a revision of it has an ONNX file, without which it is no backbone
 * @param kind what it takes, where its files tell
 * @param licence that its model card states
 */
public record CachedModel(
    RepositoryId id,
    List<String> revisions,
    long sizeBytes,
    boolean hasOnnx,
    Optional<BackboneKind> kind,
    Optional<String> licence) {
  /** Copies the list. */
  public CachedModel {
    revisions = List.copyOf(revisions);
  }
}

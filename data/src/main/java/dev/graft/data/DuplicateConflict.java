package dev.graft.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The same content under more than one label: at least one of the labels is wrong.
 *
 * @param contentHash the SHA-256 of the content
 * @param examples all examples with that content, at least two of them with different labels
 */
public record DuplicateConflict(String contentHash, List<Example> examples) {
  public DuplicateConflict {
    examples = List.copyOf(examples);
  }

  /**
   * All conflicts among the examples, in the order of their first example.
   *
   * @param contentHashes the content hash of each example, in the same order
   */
  public static List<DuplicateConflict> find(List<Example> examples, List<String> contentHashes) {
    if (examples.size() != contentHashes.size()) {
      throw new IllegalArgumentException(
          "expected one hash for each of "
              + examples.size()
              + " examples, found "
              + contentHashes.size());
    }
    Map<String, List<Example>> byHash = new LinkedHashMap<>();
    for (int i = 0; i < examples.size(); i++) {
      byHash.computeIfAbsent(contentHashes.get(i), hash -> new ArrayList<>(1)).add(examples.get(i));
    }
    List<DuplicateConflict> conflicts = new ArrayList<>();
    byHash.forEach(
        (hash, same) -> {
          if (same.stream().map(Example::label).distinct().count() > 1) {
            conflicts.add(new DuplicateConflict(hash, same));
          }
        });
    return List.copyOf(conflicts);
  }
}

package dev.graft.transfer.comparison;

import java.util.List;
import java.util.Optional;

/**
 * Something about the making of the models that is not the same for all. Immutable and thread-safe.
 *
 * @param what where it stands in provenance.json or config.json, such as {@code backbone.id}
 * @param values what each model has; empty where it has nothing of that name
 */
public record Difference(String what, List<Optional<String>> values) {
  /** Copies the list. */
  public Difference {
    values = List.copyOf(values);
  }
}

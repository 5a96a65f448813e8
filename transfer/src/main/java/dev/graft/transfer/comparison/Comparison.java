package dev.graft.transfer.comparison;

import dev.graft.data.DatasetKind;
import dev.graft.data.LeftOut;
import java.util.List;

/**
 * Models side by side. Immutable and thread-safe.
 *
 * @param kind what the models take
 * @param models what is known of each, in the order given
 * @param examples how many examples all of them have predicted; 0 where there are none in common
 * @param source where these come from, in words
 * @param pairs each model but the first beside the first; empty without common examples
 * @param differences what was not the same about their making
 * @param notes remarks for people
 * @param leftOut examples that could not be read
 */
public record Comparison(
    DatasetKind kind,
    List<ModelFigures> models,
    int examples,
    String source,
    List<PairedResult> pairs,
    List<Difference> differences,
    List<String> notes,
    List<LeftOut> leftOut) {
  /** Copies the lists. */
  public Comparison {
    models = List.copyOf(models);
    pairs = List.copyOf(pairs);
    differences = List.copyOf(differences);
    notes = List.copyOf(notes);
    leftOut = List.copyOf(leftOut);
  }

  /** What can be concluded and what cannot: a sentence or two for each pair. */
  public List<String> verdict() {
    return ComparisonWords.verdict(this);
  }
}

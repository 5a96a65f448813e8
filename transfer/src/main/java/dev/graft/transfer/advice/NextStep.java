package dev.graft.transfer.advice;

import java.util.Optional;

/**
 * What to train next.
 *
 * @param backbone the candidate's name, or {@link dev.graft.transfer.bagofwords.WordsBackbone#ID}
 *     where words alone do better
 * @param weights whether its pretrained weights are taken
 * @param strategy what trains, where that is not left to {@code graft train}
 */
public record NextStep(String backbone, Weights weights, Optional<String> strategy) {
  /** Where the weights come from. */
  public enum Weights {
    /** The backbone's own. */
    PRETRAINED,
    /** Drawn anew. */
    FRESH
  }
}

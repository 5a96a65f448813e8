package dev.graft.transfer.sharing;

import java.util.Optional;

/**
 * What of a model is shared.
 *
 * @param withExamples whether examples of the training data, and what names or shows them, go along
 * @param licenceReason why it may be shared although the backbone's licence does not allow that;
 *     goes into the model card
 */
public record SharingOptions(boolean withExamples, Optional<String> licenceReason) {
  /** Nothing of the data, and only what the licence allows. */
  public static SharingOptions careful() {
    return new SharingOptions(false, Optional.empty());
  }
}

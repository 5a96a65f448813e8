package dev.graft.transfer.explanation;

import dev.graft.transfer.TransferException;
import java.util.List;

/** The class whose probability is explained, where somebody names it. */
final class ExplainedLabel {
  private ExplainedLabel() {}

  /**
   * Refuses a class that the model does not know.
   *
   * @throws TransferException if it is none of the known ones
   */
  static void require(String label, List<String> known) {
    if (!known.contains(label)) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Explaining the class \""
              + label
              + "\": the model knows no such class; it knows "
              + String.join(", ", known)
              + ".");
    }
  }
}

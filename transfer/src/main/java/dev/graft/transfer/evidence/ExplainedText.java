package dev.graft.transfer.evidence;

/**
 * On which words of an example an answer of the saved model rests. Immutable and thread-safe.
 *
 * @param id identifier of the example
 * @param label its class
 * @param part "test" or "validation"
 * @param explained the class that was predicted for it, and that the words speak for or against
 * @param probability what the saved model gives that class, for as much of the text as it reads
 * @param answer the class that the saved model holds for the most probable
 * @param words the text with what leaving out each word does
 * @param withoutMarked the probability without the {@link ColouredText#marked()} words together
 * @param withoutOthers the same without as many words that are not marked
 */
public record ExplainedText(
    String id,
    String label,
    String part,
    String explained,
    double probability,
    String answer,
    ColouredText words,
    double withoutMarked,
    double withoutOthers) {

  /** Whether its class was predicted. */
  public boolean isRight() {
    return label.equals(explained);
  }

  /** Whether the marked words matter more than as many others. */
  public boolean isConfirmed() {
    return !words.marked().isEmpty() && withoutMarked < withoutOthers;
  }
}

package dev.graft.transfer.explanation;

import dev.graft.runtime.Prediction;
import dev.graft.runtime.TrainingNeighbour;
import dev.graft.transfer.evidence.ColouredText;
import dev.graft.transfer.evidence.WordEffect;
import java.util.List;

/**
 * On which words of a text an answer rests. Immutable and thread-safe.
 *
 * @param prediction what the model says
 * @param label the class that was explained
 * @param probability its probability
 * @param coloured what was explained: the text, or as much of a longer one as the model reads, and
 *     what leaving out each word does
 * @param withoutMarked the probability without the {@link #marked()} words together
 * @param withoutOthers the same without as many words that are not marked, taken evenly from the
 *     text; the probability itself where there are none
 * @param neighbours the training examples whose features are most like those of the text
 */
public record TextExplanation(
    Prediction prediction,
    String label,
    double probability,
    ColouredText coloured,
    double withoutMarked,
    double withoutOthers,
    List<TrainingNeighbour> neighbours) {

  /** Copies the list. */
  public TextExplanation {
    neighbours = List.copyOf(neighbours);
  }

  /** What leaving out each word does, in the order of the text. */
  public List<WordEffect> words() {
    return coloured.words();
  }

  /** The words that speak most for the class: a quarter of all, at least 1 and at most 5. */
  public List<WordEffect> marked() {
    return coloured.marked();
  }

  /** The word as it stands in the text. */
  public String word(WordEffect effect) {
    return coloured.word(effect);
  }

  /** Whether the marked words matter more than as many others. */
  public boolean isConfirmed() {
    return !marked().isEmpty() && withoutMarked < withoutOthers;
  }

  /** The text with its words in colours, as one self-contained HTML page. */
  public String page() {
    return new TextExplanationPage(this).html();
  }
}

package dev.graft.transfer.explanation;

import dev.graft.runtime.Prediction;
import dev.graft.runtime.TrainingNeighbour;
import java.util.Comparator;
import java.util.List;

/**
 * On which words of a text an answer rests. Immutable and thread-safe.
 *
 * @param prediction what the model says
 * @param label the class that was explained
 * @param probability its probability
 * @param text what was explained
 * @param words what leaving out each word does, in the order of the text
 * @param withoutMarked the probability without the {@link #marked()} words together
 * @param withoutOthers the same without as many words that are not marked, taken evenly from the
 *     text; the probability itself where there are none
 * @param neighbours the training examples whose features are most like those of the text
 */
public record TextExplanation(
    Prediction prediction,
    String label,
    double probability,
    String text,
    List<WordEffect> words,
    double withoutMarked,
    double withoutOthers,
    List<TrainingNeighbour> neighbours) {
  private static final int MOST_MARKED = 5;

  /** Copies the lists. */
  public TextExplanation {
    words = List.copyOf(words);
    neighbours = List.copyOf(neighbours);
  }

  /**
   * What leaving out a word does.
   *
   * @param begin where it begins in the text
   * @param end where it ends, exclusive
   * @param drop by how much the probability of the class falls, in log odds; below 0 where it rises
   */
  public record WordEffect(int begin, int end, double drop) {}

  /** The words that speak most for the class: a quarter of all, at least 1 and at most 5. */
  public List<WordEffect> marked() {
    return marked(words);
  }

  static List<WordEffect> marked(List<WordEffect> words) {
    int count = Math.min(MOST_MARKED, Math.max(1, words.size() / 4));
    return words.stream()
        .filter(word -> word.drop() > 0)
        .sorted(
            Comparator.comparingDouble(WordEffect::drop)
                .reversed()
                .thenComparing(WordEffect::begin))
        .limit(count)
        .toList();
  }

  /** The word as it stands in the text. */
  public String word(WordEffect effect) {
    return text.substring(effect.begin(), effect.end());
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

package dev.graft.transfer.evidence;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * A text whose words have the stronger a colour and the thicker a line the more an answer rests on
 * them. Immutable and thread-safe.
 *
 * @param text what the model read
 * @param cut whether it is only the beginning of a text
 * @param words what leaving out each word does, in the order of the text
 */
public record ColouredText(String text, boolean cut, List<WordEffect> words) {
  /** Rules for what {@link #html} gives, inside of an element of the class "explained". */
  public static final String STYLE =
      """
      .explained { line-height: 1.9; overflow-wrap: anywhere; }
      .explained mark {
        color: inherit; border-radius: 3px; padding: 0.1em 0; text-decoration: underline;
        text-decoration-thickness: calc(1px + 2px * var(--share)); text-underline-offset: 0.2em;
      }
      .explained .for { background: rgb(var(--blue) / calc(0.45 * var(--share))); text-decoration-color: var(--first); }
      .explained .against {
        background: rgb(var(--orange) / calc(0.45 * var(--share)));
        text-decoration-style: dotted; text-decoration-color: var(--second);
      }
      """;

  /** What colours and lines mean, in sentences. */
  public static final String LEGEND =
      "Blue words with a solid line speak for the class, orange ones with a dotted line against it:"
          + " the probability was computed without each of them in turn. The stronger the colour and"
          + " the thicker the line, the more it changes.";

  private static final int MOST_MARKED = 5;

  /** Words of less than this share of the largest effect have neither colour nor line. */
  private static final double LEAST_SHARE = 0.2;

  /** Copies the list. */
  public ColouredText {
    words = List.copyOf(words);
  }

  /** The words that speak most for the class: a quarter of all, at least 1 and at most 5. */
  public List<WordEffect> marked() {
    return words.stream()
        .filter(word -> word.drop() > 0)
        .sorted(
            Comparator.comparingDouble(WordEffect::drop)
                .reversed()
                .thenComparing(WordEffect::begin))
        .limit(Math.min(MOST_MARKED, Math.max(1, words.size() / 4)))
        .toList();
  }

  /** The words that speak most against the class, at most so many, and none of little effect. */
  List<WordEffect> against(int most) {
    double least = LEAST_SHARE * largest();
    return words.stream()
        .filter(word -> word.drop() < 0 && -word.drop() >= least)
        .sorted(Comparator.comparingDouble(WordEffect::drop).thenComparing(WordEffect::begin))
        .limit(most)
        .toList();
  }

  /** The word as it stands in the text. */
  public String word(WordEffect effect) {
    return text.substring(effect.begin(), effect.end());
  }

  /** The text with its words marked, as HTML. */
  public String html() {
    double largest = largest();
    StringBuilder html = new StringBuilder();
    int from = 0;
    for (WordEffect word : words) {
      html.append(HtmlText.lines(text.substring(from, word.begin())));
      html.append(marked(word, largest == 0 ? 0 : Math.abs(word.drop()) / largest));
      from = word.end();
    }
    String rest = text.substring(from);
    return html.append(HtmlText.lines(cut ? rest + " \u2026" : rest.stripTrailing())).toString();
  }

  private String marked(WordEffect word, double share) {
    String shown = HtmlText.lines(word(word));
    return share < LEAST_SHARE
        ? shown
        : String.format(
            Locale.ROOT,
            "<mark class=\"%s\" style=\"--share:%.2f\" title=\"%+.2f log odds\">%s</mark>",
            word.drop() >= 0 ? "for" : "against",
            share,
            word.drop(),
            shown);
  }

  private double largest() {
    return words.stream().mapToDouble(word -> Math.abs(word.drop())).max().orElse(0);
  }
}

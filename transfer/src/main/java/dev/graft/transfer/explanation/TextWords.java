package dev.graft.transfer.explanation;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the words of a text stand: what has letters, digits or symbols such as emoji. */
final class TextWords {
  /** What people see as one character (Unicode Standard Annex 29), as emoji of several persons. */
  private static final Pattern CHARACTER = Pattern.compile("\\X");

  private TextWords() {}

  /**
   * Begin and end of each word, in the order of the text; of more words than may be, neighbours are
   * taken together, as many each time.
   *
   * @param most how many places are given at most, 1 or more
   */
  static List<int[]> of(String text, int most) {
    List<int[]> words = all(text);
    if (words.size() <= most) {
      return words;
    }
    int together = (words.size() + most - 1) / most;
    List<int[]> joined = new ArrayList<>();
    for (int i = 0; i < words.size(); i += together) {
      int last = Math.min(words.size(), i + together) - 1;
      joined.add(new int[] {words.get(i)[0], words.get(last)[1]});
    }
    return joined;
  }

  private static List<int[]> all(String text) {
    BitSet ends = characterEnds(text);
    BreakIterator breaks = BreakIterator.getWordInstance(Locale.ROOT);
    breaks.setText(text);
    List<int[]> words = new ArrayList<>();
    int begin = breaks.first();
    for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
      // The iterator of Java 17 takes emoji apart.
      if (ends.get(end)) {
        if (text.substring(begin, end).codePoints().anyMatch(TextWords::belongsToWords)) {
          words.add(new int[] {begin, end});
        }
        begin = end;
      }
    }
    return words;
  }

  private static BitSet characterEnds(String text) {
    BitSet ends = new BitSet(text.length() + 1);
    Matcher characters = CHARACTER.matcher(text);
    while (characters.find()) {
      ends.set(characters.end());
    }
    return ends;
  }

  private static boolean belongsToWords(int point) {
    return Character.isLetterOrDigit(point) || Character.getType(point) == Character.OTHER_SYMBOL;
  }
}

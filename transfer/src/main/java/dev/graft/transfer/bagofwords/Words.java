package dev.graft.transfer.bagofwords;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Cuts a text into words: runs of letters, marks and digits, in lower case; an ideograph is a word
 * of its own, since its script writes no blanks.
 */
final class Words {
  private static final int LONGEST = 100;

  private Words() {}

  static List<String> of(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    List<String> words = new ArrayList<>();
    int start = -1;
    for (int i = 0; i < lower.length(); ) {
      int letter = lower.codePointAt(i);
      int next = i + Character.charCount(letter);
      boolean alone = Character.isIdeographic(letter);
      boolean inside = !alone && isPart(letter);
      if (start >= 0 && !inside) {
        add(lower, start, i, words);
        start = -1;
      }
      if (alone) {
        words.add(lower.substring(i, next));
      } else if (inside && start < 0) {
        start = i;
      }
      i = next;
    }
    if (start >= 0) {
      add(lower, start, lower.length(), words);
    }
    return words;
  }

  private static boolean isPart(int letter) {
    int type = Character.getType(letter);
    return Character.isLetterOrDigit(letter)
        || type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK;
  }

  /** What is longer is no word but data, of which the start tells enough. */
  private static void add(String text, int start, int end, List<String> words) {
    words.add(text.substring(start, Math.min(end, start + LONGEST)));
  }
}

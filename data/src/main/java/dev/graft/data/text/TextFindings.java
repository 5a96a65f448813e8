package dev.graft.data.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What is odd about a text, for reports; nothing is left out because of it.
 *
 * @param characters its length in code points
 * @param words runs of anything but white space
 * @param letterShare the part of its visible characters that are letters, marks or digits, 0 to 1
 * @param oddities what was found, each kind once
 */
public record TextFindings(int characters, int words, double letterShare, List<Oddity> oddities) {

  /** Below this part of letters and digits, a text is called one of symbols. */
  public static final double FEW_LETTERS = 0.4;

  /** A text of so many letters, all of them capitals, is called that. */
  public static final int SHORTEST_CAPITALS = 12;

  /** Texts of so many characters are looked at; of a longer one its beginning. */
  private static final int LOOKED_AT = 100_000;

  /**
   * What UTF-8 looks like that was read as windows-1252 or Latin-1: a lead byte of two or three, as
   * a letter, and what follows it, as a sign that hardly stands there in any language.
   */
  private static final Pattern MOJIBAKE =
      Pattern.compile(
          "[\\u00c2\\u00c3][\\u0080-\\u00bf\\u0192\\u2020\\u2021\\u2026\\u20ac\\u2122]|\\u00e2[\\u0080-\\u009f\\u0153\\u0161\\u201a\\u201e\\u2020\\u20ac]|\\u00ef\\u00bf\\u00bd|\\u00f0\\u0178");

  /** A tag with a name of HTML, or an entity. */
  private static final Pattern HTML =
      Pattern.compile(
          "</?(?:a|b|br|div|em|h[1-6]|hr|i|img|li|ol|p|script|span|strong|style|table|td|th|tr|u|ul)(?:\\s[^<>]{0,200})?/?>|&(?:amp|lt|gt|quot|apos|nbsp|#\\d{1,6}|#x[0-9a-f]{1,5});",
          Pattern.CASE_INSENSITIVE);

  /** A kind of oddity, with the sentence for it. */
  public enum Oddity {
    EMPTY("it is empty"),
    ONE_WORD("it is a single word"),
    SYMBOLS("it has hardly any letters"),
    REPLACED("it holds characters that were lost when its encoding was changed (U+FFFD)"),
    MOJIBAKE("it was probably read in the wrong encoding"),
    CONTROLS("it holds control characters"),
    CAPITALS("it is all in capitals"),
    HTML("it holds what is left of HTML");

    private final String words;

    Oddity(String words) {
      this.words = words;
    }

    /** The second half of a sentence that begins with the text's name. */
    public String words() {
      return words;
    }
  }

  public TextFindings {
    oddities = List.copyOf(oddities);
  }

  /** Looks at a text. */
  public static TextFindings of(String text) {
    String seen = text.length() > LOOKED_AT ? text.substring(0, LOOKED_AT) : text;
    Counts counts = new Counts();
    seen.codePoints().forEach(counts::add);
    double letterShare = counts.visible == 0 ? 0 : (double) counts.letters / counts.visible;
    List<Oddity> oddities = new ArrayList<>();
    if (counts.visible == 0) {
      oddities.add(Oddity.EMPTY);
    } else if (letterShare < FEW_LETTERS) {
      oddities.add(Oddity.SYMBOLS);
    } else if (counts.words == 1 && !counts.unspaced) {
      oddities.add(Oddity.ONE_WORD);
    }
    if (seen.indexOf('\ufffd') >= 0) {
      oddities.add(Oddity.REPLACED);
    }
    if (MOJIBAKE.matcher(seen).find()) {
      oddities.add(Oddity.MOJIBAKE);
    }
    if (counts.controls > 0) {
      oddities.add(Oddity.CONTROLS);
    }
    if (counts.upper >= SHORTEST_CAPITALS && counts.lower == 0) {
      oddities.add(Oddity.CAPITALS);
    }
    if (HTML.matcher(seen).find()) {
      oddities.add(Oddity.HTML);
    }
    return new TextFindings(
        text.codePointCount(0, text.length()), counts.words, letterShare, oddities);
  }

  /** One sentence with figures for each oddity. */
  public List<String> sentences() {
    return oddities.stream().map(this::sentence).toList();
  }

  private String sentence(Oddity oddity) {
    return switch (oddity) {
      case EMPTY -> "It is empty.";
      case ONE_WORD -> "It is a single word of " + characters + " characters.";
      case SYMBOLS ->
          String.format(
              Locale.ROOT,
              "Only %.0f %% of its characters are letters or digits.",
              100 * letterShare);
      case REPLACED ->
          "It holds characters that were lost when its encoding was changed (U+FFFD); take it from its source again.";
      case MOJIBAKE ->
          "It was probably written as UTF-8 and read in another encoding; take it from its source again.";
      case CONTROLS -> "It holds control characters; it may be no text.";
      case CAPITALS -> "It is all in capitals, which a cased tokenizer cuts into many tokens.";
      case HTML -> "It holds what is left of HTML; remove tags and entities.";
    };
  }

  private static final class Counts {
    private int visible;
    private int letters;
    private int upper;
    private int lower;
    private int controls;
    private int words;
    private boolean inWord;

    /** Whether a script is in it that has no blanks between words. */
    private boolean unspaced;

    private void add(int c) {
      boolean blank = Character.isWhitespace(c) || Character.isSpaceChar(c);
      words += !blank && !inWord ? 1 : 0;
      inWord = !blank;
      int type = Character.getType(c);
      if (type == Character.CONTROL && !blank) {
        controls++;
      } else if (!blank && type != Character.FORMAT) {
        visible++;
        boolean mark =
            type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
        letters += Character.isLetterOrDigit(c) || mark ? 1 : 0;
        upper += type == Character.UPPERCASE_LETTER ? 1 : 0;
        lower += type == Character.LOWERCASE_LETTER ? 1 : 0;
        unspaced |= isUnspaced(c);
      }
    }

    private static boolean isUnspaced(int c) {
      return switch (Character.UnicodeScript.of(c)) {
        case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
        default -> false;
      };
    }
  }
}

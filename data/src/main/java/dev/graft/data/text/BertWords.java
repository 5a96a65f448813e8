package dev.graft.data.text;

import java.text.Normalizer;
import java.util.function.Consumer;

/**
 * The words that BERT's uncased tokenizer cuts a text into before it looks for pieces: without
 * control characters and accents, in lower case; each punctuation mark and each Chinese character
 * is a word (Devlin et al. 2018, {@code BasicTokenizer}). The rules are those of the normaliser and
 * the pre-tokenizer that {@link Vocabulary#toJson} names.
 */
final class BertWords {
  private BertWords() {}

  /** Hands the words over in the order of the text. */
  static void of(String text, Consumer<String> words) {
    StringBuilder word = new StringBuilder();
    normalised(UnicodeText.of(text))
        .codePoints()
        .forEach(
            c -> {
              boolean alone = isPunctuation(c) || isChinese(c);
              if (alone || isBlank(c)) {
                finish(word, words);
              }
              if (alone) {
                words.accept(Character.toString(c));
              } else if (!isBlank(c)) {
                word.appendCodePoint(c);
              }
            });
    finish(word, words);
  }

  private static void finish(StringBuilder word, Consumer<String> words) {
    if (word.length() > 0) {
      words.accept(word.toString());
      word.setLength(0);
    }
  }

  private static String normalised(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints().filter(c -> isBlank(c) || !isRemoved(c)).forEach(clean::appendCodePoint);
    StringBuilder plain = new StringBuilder(clean.length());
    Normalizer.normalize(clean, Normalizer.Form.NFD)
        .codePoints()
        .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
        .map(Character::toLowerCase)
        .forEach(plain::appendCodePoint);
    return plain.toString();
  }

  private static boolean isBlank(int c) {
    return c == '\t' || c == '\n' || c == '\r' || Character.isSpaceChar(c);
  }

  private static boolean isRemoved(int c) {
    int type = Character.getType(c);
    return c == 0xfffd
        || type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.PRIVATE_USE;
  }

  /**
   * All of ASCII that is neither letter, digit nor blank counts, also what Unicode calls a sign.
   */
  private static boolean isPunctuation(int c) {
    if (c < 128) {
      return c > ' ' && c < 127 && !Character.isLetterOrDigit(c);
    }
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  private static boolean isChinese(int c) {
    return (c >= 0x4e00 && c <= 0x9fff)
        || (c >= 0x3400 && c <= 0x4dbf)
        || (c >= 0x20000 && c <= 0x2a6df)
        || (c >= 0x2a700 && c <= 0x2b81f)
        || (c >= 0x2b920 && c <= 0x2ceaf)
        || (c >= 0xf900 && c <= 0xfaff)
        || (c >= 0x2f800 && c <= 0x2fa1f);
  }
}

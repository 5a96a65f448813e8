package dev.graft.data.text;

/** Texts as Unicode has them: a Java string may hold halves of surrogate pairs, UTF-8 may not. */
final class UnicodeText {
  private static final char REPLACEMENT = '\ufffd';

  private UnicodeText() {}

  /** The text with U+FFFD for each unpaired surrogate, of the same length; itself without one. */
  static String of(String text) {
    StringBuilder repaired = null;
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < length
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      if (repaired == null) {
        repaired = new StringBuilder(text);
      }
      repaired.setCharAt(i, REPLACEMENT);
    }
    return repaired == null ? text : repaired.toString();
  }
}

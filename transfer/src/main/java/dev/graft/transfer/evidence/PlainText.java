package dev.graft.transfer.evidence;

/** Names of unknown origin made harmless, and fitted to the fixed-width columns of a terminal. */
final class PlainText {

  private PlainText() {}

  /**
   * Replaces what could move the cursor, colour the screen or reverse the reading order: a class is
   * named by a folder, and a folder may be named by anybody.
   */
  static String harmless(String name) {
    StringBuilder result = new StringBuilder(name.length());
    name.codePoints()
        .map(point -> isHarmless(point) ? point : '\uFFFD')
        .forEach(result::appendCodePoint);
    return result.toString();
  }

  private static boolean isHarmless(int point) {
    if (shapesNeighbours(point)) {
      return true;
    }
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  /**
   * Format characters that writing needs and that reverse nothing: Persian words and joined emoji
   * need the joiners, Arabic and Hebrew texts hold marks of direction, and flags of regions tags.
   */
  private static boolean shapesNeighbours(int point) {
    return (point >= 0x200C && point <= 0x200F)
        || point == 0x061C
        || (point >= 0xE0020 && point <= 0xE007F);
  }

  /** The number of columns that a terminal gives the text. */
  static int width(String text) {
    return text.codePoints().map(PlainText::width).sum();
  }

  private static int width(int point) {
    int type = Character.getType(point);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    boolean wide =
        Character.isIdeographic(point)
            || (point >= 0x1100 && point <= 0x115F)
            || (point >= 0x2E80 && point <= 0x303E)
            || (point >= 0x3041 && point <= 0x33FF)
            || (point >= 0xA960 && point <= 0xA97C)
            || (point >= 0xAC00 && point <= 0xD7A3)
            || (point >= 0xFE30 && point <= 0xFE6F)
            || (point >= 0xFF00 && point <= 0xFF60)
            || (point >= 0xFFE0 && point <= 0xFFE6)
            || (point >= 0x1F300 && point <= 0x1FAFF);
    return wide ? 2 : 1;
  }

  /**
   * The harmless form of a name in at most so many columns, four or more; of a longer one the
   * middle is left out, because names often differ at their ends.
   */
  static String shorten(String name, int columns) {
    String text = harmless(name);
    if (width(text) <= columns) {
      return text;
    }
    int tail = (columns - 1) / 3;
    String reversed = new StringBuilder(text).reverse().toString();
    String end = new StringBuilder(start(reversed, tail)).reverse().toString();
    return start(text, columns - 1 - tail) + "…" + end;
  }

  private static String start(String text, int columns) {
    StringBuilder kept = new StringBuilder();
    int used = 0;
    for (int point : text.codePoints().toArray()) {
      used += width(point);
      if (used > columns) {
        break;
      }
      kept.appendCodePoint(point);
    }
    return kept.toString();
  }

  static String left(String text, int columns) {
    return text + " ".repeat(Math.max(0, columns - width(text)));
  }

  static String right(String text, int columns) {
    return " ".repeat(Math.max(0, columns - width(text))) + text;
  }
}

package dev.graft.transfer.evidence;

/** Words of unknown origin made fit for Markdown with tables and HTML. */
public final class MarkdownText {

  private static final String SPECIAL = "\\`*_{}[]#|~$";

  private MarkdownText() {}

  /** The words as text on one line: no markup, no HTML, no table cells, no links. */
  public static String escape(String words) {
    StringBuilder result = new StringBuilder(words.length() + 16);
    PlainText.harmless(words)
        .codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '<' -> result.append("&lt;");
                case '>' -> result.append("&gt;");
                case '&' -> result.append("&amp;");
                case '@' -> result.append("&#64;");
                default -> {
                  if (SPECIAL.indexOf(point) >= 0) {
                    result.append('\\');
                  }
                  result.appendCodePoint(point);
                }
              }
            });
    // Web addresses become links by themselves in many readers.
    return result.toString().replace("://", ":\u200B//").replace("www.", "www\u200B.");
  }

  /** The words as code; what would end the code or a table cell is replaced. */
  public static String code(String words) {
    return "`" + PlainText.harmless(words).replace('`', '\'').replace('|', '/') + "`";
  }
}

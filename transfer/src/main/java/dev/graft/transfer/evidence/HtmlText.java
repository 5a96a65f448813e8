package dev.graft.transfer.evidence;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Pieces of the HTML pages that people read. Stateless, thread-safe. */
public final class HtmlText {

  private HtmlText() {}

  /** Words of unknown origin as text or as the value of a quoted attribute. */
  public static String escape(String words) {
    StringBuilder result = new StringBuilder(words.length() + 16);
    for (char unit : PlainText.harmless(words).toCharArray()) {
      switch (unit) {
        case '<' -> result.append("&lt;");
        case '>' -> result.append("&gt;");
        case '&' -> result.append("&amp;");
        case '"' -> result.append("&quot;");
        case '\'' -> result.append("&#39;");
        default -> result.append(unit);
      }
    }
    // A figure and its unit stay on one line.
    return result.toString().replace(" %", "&nbsp;%");
  }

  /** Text of several lines, which stay lines; a tab is a blank. */
  public static String lines(String text) {
    return text.replace('\t', ' ').lines().map(HtmlText::escape).collect(Collectors.joining("<br>"))
        + (text.endsWith("\n") ? "<br>" : "");
  }

  /** A paragraph of words. */
  public static String paragraph(String words) {
    return "<p>" + escape(words) + "</p>\n";
  }

  /** A table of names and values. */
  public static String pairs(String caption, Map<String, String> values) {
    HtmlTable table = new HtmlTable(caption).classed("pairs");
    values.forEach((name, value) -> table.row(name, HtmlTable.words(value)));
    return table.html();
  }

  /** A part that is folded away until it is asked for. */
  static String folded(String summary, String inner) {
    return "<details>\n<summary>" + escape(summary) + "</summary>\n" + inner + "</details>\n";
  }

  /**
   * A proportion with its interval on a line from 0 to 1. The figures beside it say the same in
   * words, so readers of the page aloud skip it.
   */
  static String track(double value, Interval interval) {
    return String.format(
        Locale.ROOT,
        "<span class=\"track\" aria-hidden=\"true\"><span class=\"range\""
            + " style=\"left:%.1f%%;width:%.1f%%\"></span><span class=\"dot\""
            + " style=\"left:%.1f%%\"></span></span>",
        100 * interval.low(),
        100 * (interval.high() - interval.low()),
        100 * value);
  }

  /** A bar of a share of the available width. */
  static String bar(double share) {
    return String.format(
        Locale.ROOT,
        "<span class=\"bar\" aria-hidden=\"true\"><span style=\"width:%.1f%%\"></span></span>",
        100 * share);
  }
}

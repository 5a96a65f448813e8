package dev.graft.transfer.sharing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The keys at the top of a model card, each with the lines that belong to it, so that some can be
 * changed and all others stay as somebody wrote them. Not thread-safe.
 */
final class CardFrontMatter {
  private static final String FENCE = "---";
  private static final Pattern KEY = Pattern.compile("([A-Za-z_][\\w-]*):.*");

  private final Map<String, String> blocks = new LinkedHashMap<>();
  private final String body;

  /** Reads a card; one without front matter has no keys. */
  CardFrontMatter(String card) {
    String text = card.replace("\r\n", "\n");
    int end = text.startsWith(FENCE + "\n") ? text.indexOf("\n" + FENCE + "\n", 3) : -1;
    body = end < 0 ? text : text.substring(end + 2 + FENCE.length());
    String key = "";
    for (String line : end < 0 ? new String[0] : text.substring(4, end + 1).split("\n")) {
      Matcher matcher = KEY.matcher(line);
      key = matcher.matches() ? matcher.group(1) : key;
      if (!key.isEmpty()) {
        blocks.merge(key, line + "\n", String::concat);
      }
    }
  }

  boolean has(String key) {
    return blocks.containsKey(key);
  }

  void remove(String key) {
    blocks.remove(key);
  }

  /**
   * Sets a key in its place, or behind all others.
   *
   * @param lines with the key itself, without a line end
   */
  void set(String key, String lines) {
    blocks.put(key, lines + "\n");
  }

  void setIfMissing(String key, String lines) {
    if (!has(key)) {
      set(key, lines);
    }
  }

  /** What follows the front matter. */
  String body() {
    return body;
  }

  /** The front matter with its fences. */
  String text() {
    return FENCE + "\n" + String.join("", blocks.values()) + FENCE + "\n";
  }
}

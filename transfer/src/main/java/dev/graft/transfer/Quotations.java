package dev.graft.transfer;

import dev.graft.data.DataException;
import dev.graft.data.Example;
import dev.graft.data.text.PlainText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The beginning of texts, for a report: as much as can be read at a glance. */
final class Quotations {
  private static final int LONGEST = 240;

  /** Emoji of several persons are one; the character iterator of Java 17 takes them apart. */
  private static final Pattern CHARACTER = Pattern.compile("\\X");

  private Quotations() {}

  /** By the identifier; what can no longer be read is left out. */
  static Map<String, String> of(List<Example> examples) {
    Map<String, String> quotations = new LinkedHashMap<>();
    for (Example example : examples) {
      try {
        quotations.put(example.id(), shortened(PlainText.of(example.source()).strip()));
      } catch (DataException gone) {
        // Its card says everything else.
      }
    }
    return quotations;
  }

  /** Cut between two characters as people see them, not inside of one. */
  private static String shortened(String text) {
    if (text.length() <= LONGEST) {
      return text;
    }
    Matcher characters = CHARACTER.matcher(text);
    int end = 0;
    while (characters.find() && characters.end() <= LONGEST) {
      end = characters.end();
    }
    return text.substring(0, end).stripTrailing() + " \u2026";
  }
}

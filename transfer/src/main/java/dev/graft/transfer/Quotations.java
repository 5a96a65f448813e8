package dev.graft.transfer;

import dev.graft.data.DataException;
import dev.graft.data.Example;
import dev.graft.data.text.PlainText;
import java.text.BreakIterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The beginning of texts, for a report: as much as can be read at a glance. */
final class Quotations {
  private static final int LONGEST = 240;

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
    BreakIterator characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    characters.setText(text);
    return text.substring(0, characters.preceding(LONGEST)).stripTrailing() + " \u2026";
  }
}

package dev.graft.data.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Whether a text may be cut before a blank without changing the tokens of what comes before it.
 *
 * <p>That holds where every step looks at one word at a time: normalisers that change characters
 * where they stand (canonical composition and decomposition never reach across a blank), a
 * pre-tokenizer that ends a word before a blank, and no added token with a blank inside. Of steps
 * that are not known here (a regular expression of the file's own, for one) it is not assumed.
 */
final class WordEnds {
  /**
   * The sign that sentence pieces have for a blank (U+2581), so that a token may hold one unseen.
   */
  private static final char VISIBLE_BLANK = '\u2581';

  /** A letter that Unicode joins with what follows, blank or not, to one cluster. */
  private static final char JOINING_LETTER = '\u0d4e';

  private static final Set<String> LOCAL_NORMALIZERS =
      Set.of(
          "BertNormalizer",
          "Lowercase",
          "NFC",
          "NFD",
          "NFKC",
          "NFKD",
          "StripAccents",
          "Strip",
          "Prepend",
          "Precompiled");

  private static final Set<String> LOCAL_SPLITTERS =
      Set.of("BertPreTokenizer", "Whitespace", "WhitespaceSplit");

  private WordEnds() {}

  /** Whether the blank at a place ends a word whose tokens do not depend on what follows. */
  static boolean isAt(String text, int place) {
    char before = text.charAt(place - 1);
    return text.charAt(place) == ' '
        && before != JOINING_LETTER
        && !Character.isSurrogate(before)
        && Character.isLetterOrDigit(before);
  }

  /** Whether the tokenizer looks at one word at a time. */
  static boolean areRespectedBy(JsonNode tokenizer) {
    for (JsonNode step : steps(tokenizer.path("normalizer"), "normalizers")) {
      if (!isLocalNormalizer(step)) {
        return false;
      }
    }
    for (JsonNode added : tokenizer.path("added_tokens")) {
      String content = added.path("content").asText("");
      if (content
          .chars()
          .anyMatch(c -> Character.isWhitespace(c) || isWideBlank(c) || c == VISIBLE_BLANK)) {
        return false;
      }
    }
    return splitsAtBlanks(steps(tokenizer.path("pre_tokenizer"), "pretokenizers"));
  }

  private static boolean isWideBlank(int c) {
    return Character.isSpaceChar(c);
  }

  private static boolean isLocalNormalizer(JsonNode step) {
    if (LOCAL_NORMALIZERS.contains(step.path("type").asText(""))) {
      return true;
    }
    // Several blanks become one: what XLM-R and its kin do.
    return step.path("type").asText("").equals("Replace")
        && step.path("pattern").path("Regex").asText("").equals(" {2,}")
        && (step.path("content").asText("").equals(" ")
            || step.path("content").asText("").equals(String.valueOf(VISIBLE_BLANK)));
  }

  /** The first step that is no mere refinement must split before blanks. */
  private static boolean splitsAtBlanks(List<JsonNode> steps) {
    boolean split = false;
    for (JsonNode step : steps) {
      String type = step.path("type").asText("");
      boolean refines = type.equals("Digits") || type.equals("Punctuation");
      if (LOCAL_SPLITTERS.contains(type)
          || (type.equals("ByteLevel") && step.path("use_regex").asBoolean(true))
          || (type.equals("Metaspace") && step.path("split").asBoolean(true))) {
        split = true;
      } else if (!refines && !(split && type.equals("ByteLevel"))) {
        return false;
      }
    }
    return split;
  }

  private static List<JsonNode> steps(JsonNode step, String listName) {
    List<JsonNode> steps = new ArrayList<>();
    if (step.path("type").asText("").equals("Sequence")) {
      for (JsonNode inner : step.path(listName)) {
        steps.addAll(steps(inner, listName));
      }
    } else if (!step.isMissingNode() && !step.isNull()) {
      steps.add(step);
    }
    return steps;
  }
}

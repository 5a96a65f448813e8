package dev.graft.data.text;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.data.DataException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The vocab.txt of an old BERT file, one token a line, its id the number of the line from 0 (of two
 * equal lines the later one counts, as for those who read it in Python).
 *
 * @param ids the ids of its tokens, in the order of the file
 */
record Vocabulary(Map<String, Integer> ids) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

  /** In code points; longer words are unknown as a whole. */
  static final int LONGEST_WORD = 100;

  static Vocabulary parse(String text, String source) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    int line = 0;
    for (String token : (Iterable<String>) text.lines()::iterator) {
      ids.put(token, line++);
    }
    for (String needed : List.of("[UNK]", "[CLS]", "[SEP]")) {
      if (!ids.containsKey(needed)) {
        throw new DataException(
            "Cannot use the vocabulary "
                + source
                + ": it has no line "
                + needed
                + ". Expected the vocab.txt of a BERT tokenizer with one token a line, found "
                + line
                + " lines.");
      }
    }
    return new Vocabulary(ids);
  }

  /**
   * Lower where no token but the special ones has one of the letters A to Z: letters of other
   * scripts that have no lower case are in uncased vocabularies as well.
   */
  LetterCase letterCase() {
    boolean cased =
        ids.keySet().stream()
            .filter(token -> !token.startsWith("["))
            .anyMatch(token -> token.chars().anyMatch(c -> c >= 'A' && c <= 'Z'));
    return cased ? LetterCase.AS_WRITTEN : LetterCase.LOWER;
  }

  /** The tokenizer.json of BERT's rules with this vocabulary. */
  String toJson(LetterCase letterCase) {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", "1.0");
    root.putNull("truncation");
    root.putNull("padding");
    ArrayNode added = root.putArray("added_tokens");
    // By their ids, as the library wants them.
    SPECIAL.stream()
        .filter(ids::containsKey)
        .sorted((a, b) -> Integer.compare(id(a), id(b)))
        .forEach(token -> addSpecial(added.addObject(), token));
    addNormalizer(root, letterCase);
    addTemplate(root.putObject("post_processor"));
    root.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
    ObjectNode model =
        root.putObject("model")
            .put("type", "WordPiece")
            .put("unk_token", "[UNK]")
            .put("continuing_subword_prefix", "##")
            .put("max_input_chars_per_word", LONGEST_WORD);
    ObjectNode vocabulary = model.putObject("vocab");
    ids.forEach(vocabulary::put);
    return root.toString();
  }

  /** BERT's normaliser and its cutting into words. */
  static void addNormalizer(ObjectNode root, LetterCase letterCase) {
    root.putObject("normalizer")
        .put("type", "BertNormalizer")
        .put("clean_text", true)
        .put("handle_chinese_chars", true)
        .putNull("strip_accents")
        .put("lowercase", letterCase == LetterCase.LOWER);
    root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
  }

  private int id(String token) {
    return ids.getOrDefault(token, 0);
  }

  private void addSpecial(ObjectNode entry, String token) {
    entry
        .put("id", id(token))
        .put("content", token)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
  }

  private void addTemplate(ObjectNode processor) {
    processor.put("type", "TemplateProcessing");
    ArrayNode single = processor.putArray("single");
    addPiece(single, "SpecialToken", "[CLS]", 0);
    addPiece(single, "Sequence", "A", 0);
    addPiece(single, "SpecialToken", "[SEP]", 0);
    ArrayNode pair = processor.putArray("pair");
    addPiece(pair, "SpecialToken", "[CLS]", 0);
    addPiece(pair, "Sequence", "A", 0);
    addPiece(pair, "SpecialToken", "[SEP]", 0);
    addPiece(pair, "Sequence", "B", 1);
    addPiece(pair, "SpecialToken", "[SEP]", 1);
    ObjectNode special = processor.putObject("special_tokens");
    for (String token : List.of("[CLS]", "[SEP]")) {
      ObjectNode entry = special.putObject(token);
      entry.put("id", token);
      entry.putArray("ids").add(id(token));
      entry.putArray("tokens").add(token);
    }
  }

  private static void addPiece(ArrayNode template, String kind, String id, int type) {
    template.addObject().putObject(kind).put("id", id).put("type_id", type);
  }
}

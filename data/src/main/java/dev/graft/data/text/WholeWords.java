package dev.graft.data.text;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.data.DataException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A tokenizer of whole words, for what knows words and nothing else: those that some texts have,
 * cut as BERT's uncased tokenizer cuts them, without punctuation marks. The vocabulary begins with
 * [PAD] 0 and [UNK] 1, which any other word is. Stateless and thread-safe.
 */
public final class WholeWords {
  /** The id of what fills texts up. */
  public static final int PADDING = 0;

  /** The id of a word that is not known. */
  public static final int UNKNOWN = 1;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]");

  private WholeWords() {}

  /**
   * Learns the words. The same texts give the same bytes.
   *
   * @param most words that are kept, those in most texts first; of equally frequent ones the first
   *     by their letters
   * @throws DataException where the texts have no words
   */
  public static Tokenizer learn(List<String> texts, int most) {
    Map<String, Integer> textsWith = new TreeMap<>();
    for (String text : texts) {
      Set<String> own = new HashSet<>();
      BertWords.of(
          text,
          word -> {
            if (isWord(word)) {
              own.add(word);
            }
          });
      own.forEach(word -> textsWith.merge(word, 1, Integer::sum));
    }
    if (textsWith.isEmpty()) {
      throw new DataException(
          "Cannot learn words from "
              + texts.size()
              + " texts: they have none. Check that they are the texts that you mean.");
    }
    List<Map.Entry<String, Integer>> words = new ArrayList<>(textsWith.entrySet());
    words.sort((a, b) -> b.getValue() - a.getValue());
    List<String> kept =
        words.subList(0, Math.min(most, words.size())).stream().map(Map.Entry::getKey).toList();
    return Tokenizer.ofJson(json(kept), "the words of " + texts.size() + " texts");
  }

  private static boolean isWord(String word) {
    return word.codePoints().anyMatch(Character::isLetterOrDigit)
        && word.codePointCount(0, word.length()) <= Vocabulary.LONGEST_WORD
        && !SPECIAL.contains(word);
  }

  private static String json(List<String> words) {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", "1.0");
    root.putNull("truncation");
    root.putNull("padding");
    root.putArray("added_tokens");
    Vocabulary.addNormalizer(root, LetterCase.LOWER);
    root.putNull("post_processor");
    root.putNull("decoder");
    ObjectNode model =
        root.putObject("model").put("type", "WordLevel").put("unk_token", SPECIAL.get(UNKNOWN));
    ObjectNode vocabulary = model.putObject("vocab");
    int id = 0;
    for (String special : SPECIAL) {
      vocabulary.put(special, id++);
    }
    for (String word : words) {
      vocabulary.put(word, id++);
    }
    return root.toString();
  }
}

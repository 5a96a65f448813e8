package dev.graft.data.text;

import dev.graft.data.DataException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Learns a vocabulary of pieces of words from texts, for a tokenizer of its own. Stateless.
 *
 * <p>Words are cut as BERT's uncased tokenizer cuts them. The vocabulary begins with [PAD] 0, [UNK]
 * 1, [CLS] 2 and [SEP] 3 and the characters as they stand at the start of words and inside them
 * ({@code ##}); then the pair of neighbouring pieces that is most frequent in the texts becomes one
 * piece, again and again (Sennrich et al. 2016, "Neural Machine Translation of Rare Words with
 * Subword Units", section 3.2). A text is encoded by the longest piece that fits, from left to
 * right (Wu et al. 2016, section 4.1).
 */
public final class WordPieces {
  /** The fewest pieces that can be asked for. */
  public static final int FEWEST = 64;

  /** The most pieces that can be asked for: 131,072 (2^17). */
  public static final int MOST = 1 << 17;

  private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]");

  private WordPieces() {}

  /**
   * Learns a vocabulary. The same texts give the same bytes.
   *
   * <p>Pairs are joined that occur at least twice; of equally frequent ones that of the earlier
   * pieces. The characters take half the vocabulary at most, the frequent ones first.
   *
   * @param size pieces, special ones included, {@value #FEWEST} to {@value #MOST}; there are fewer
   *     where the texts have no more pairs
   * @throws DataException where the texts have no words
   * @throws IllegalArgumentException for a size out of range
   */
  public static Tokenizer learn(List<String> texts, int size) {
    if (size < FEWEST || size > MOST) {
      throw new IllegalArgumentException(
          "pieces of words: expected a vocabulary of "
              + FEWEST
              + " to "
              + MOST
              + " pieces, found "
              + size);
    }
    Map<String, Long> words = words(texts);
    if (words.isEmpty()) {
      throw new DataException(
          "Cannot learn a vocabulary from "
              + texts.size()
              + " texts: they have no words. Check that they are the texts that you mean.");
    }
    Map<String, Integer> ids = new LinkedHashMap<>();
    SPECIAL.forEach(token -> ids.put(token, ids.size()));
    characters(words, size / 2).forEach(piece -> ids.put(piece, ids.size()));
    new PieceMerges(words, ids).run(size);
    return Tokenizer.ofJson(
        new Vocabulary(ids).toJson(LetterCase.LOWER), "learned from " + texts.size() + " texts");
  }

  /** How often each word occurs, in the order of the words. */
  private static Map<String, Long> words(List<String> texts) {
    Map<String, Long> counts = new TreeMap<>();
    for (String text : texts) {
      BertWords.of(
          text,
          word -> {
            if (word.codePointCount(0, word.length()) <= Vocabulary.LONGEST_WORD) {
              counts.merge(word, 1L, Long::sum);
            }
          });
    }
    return counts;
  }

  /** The characters, in their order, with ## for those inside words. */
  private static List<String> characters(Map<String, Long> words, int most) {
    Map<String, Long> counts = new TreeMap<>();
    words.forEach(
        (word, count) ->
            PieceMerges.characters(word).forEach(piece -> counts.merge(piece, count, Long::sum)));
    List<String> frequent = new ArrayList<>(counts.keySet());
    if (frequent.size() > most) {
      // Sorting is stable: of equally frequent ones the earlier character stays.
      frequent.sort((a, b) -> Long.compare(counts.getOrDefault(b, 0L), counts.getOrDefault(a, 0L)));
      frequent.subList(most, frequent.size()).clear();
      frequent.sort(null);
    }
    return frequent;
  }
}

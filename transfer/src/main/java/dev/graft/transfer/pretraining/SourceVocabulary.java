package dev.graft.transfer.pretraining;

import dev.graft.data.DataException;
import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.data.LeftOut;
import dev.graft.data.text.PlainText;
import dev.graft.data.text.TokenSequence;
import dev.graft.data.text.Tokenizer;
import dev.graft.data.text.WordPieces;
import dev.graft.transfer.ExampleTables;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.training.ExampleTable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The vocabulary of a source task of texts. Immutable and thread-safe.
 *
 * @param tokenizer the pieces of words that it knows
 * @param texts what they were learned from
 */
public record SourceVocabulary(Tokenizer tokenizer, List<String> texts) {
  /** Copies the texts. */
  public SourceVocabulary {
    texts = List.copyOf(texts);
  }

  /**
   * Learns it from the very texts that the network will be trained on: those that are held out to
   * judge it have no part in it.
   *
   * @param size pieces of words, as {@link WordPieces#learn}
   * @param validationFraction and seed as in {@link PretrainingSettings}
   * @throws DataException if no classifier can be trained on the data
   * @throws IllegalArgumentException for a size out of range
   */
  public static SourceVocabulary learn(
      Dataset dataset, int size, double validationFraction, long seed, TrainingListener listener) {
    ExampleTables read = ExampleTables.read(dataset, OptionalInt.empty(), seed, listener);
    List<LeftOut> damaged = new ArrayList<>();
    texts(read.train(), damaged);
    texts(read.validation(), damaged);
    ExampleTable train = SourceData.of(read.without(damaged), validationFraction, seed).train();
    List<String> texts = texts(train, new ArrayList<>());
    return new SourceVocabulary(WordPieces.learn(texts, size), texts);
  }

  /**
   * What the same texts tell about each token, whatever their labels.
   *
   * @param width numbers in the vector of a token
   * @param maximumTokens after which a text is cut
   */
  public TokenVectors vectors(int width, int maximumTokens, long seed) {
    List<int[]> tokens =
        texts.parallelStream().map(text -> own(tokenizer.encode(text, maximumTokens))).toList();
    return TokenVectors.learn(tokens, tokenizer.vocabularySize(), width, seed);
  }

  /** Without those that stand in every text, such as [CLS]. */
  private static int[] own(TokenSequence tokens) {
    return IntStream.range(0, tokens.length())
        .filter(i -> tokens.begins()[i] >= 0)
        .map(i -> tokens.ids()[i])
        .toArray();
  }

  private static List<String> texts(ExampleTable table, List<LeftOut> damaged) {
    List<String> texts = new ArrayList<>();
    for (Example example : table.examples()) {
      try {
        texts.add(PlainText.of(example.source()));
      } catch (DataException unreadable) {
        damaged.add(new LeftOut(example.id(), String.valueOf(unreadable.getMessage())));
      }
    }
    return texts;
  }
}

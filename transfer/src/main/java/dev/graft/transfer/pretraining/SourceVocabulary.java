package dev.graft.transfer.pretraining;

import dev.graft.data.DataException;
import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.data.LeftOut;
import dev.graft.data.text.PlainText;
import dev.graft.data.text.Tokenizer;
import dev.graft.data.text.WordPieces;
import dev.graft.transfer.ExampleTables;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.training.ExampleTable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The vocabulary of a source task of texts. Stateless. */
public final class SourceVocabulary {
  private SourceVocabulary() {}

  /**
   * Learns it from the very texts that the network will be trained on: those that are held out to
   * judge it have no part in it.
   *
   * @param size pieces of words, as {@link WordPieces#learn}
   * @param validationFraction and seed as in {@link PretrainingSettings}
   * @throws DataException if no classifier can be trained on the data
   * @throws IllegalArgumentException for a size out of range
   */
  public static Tokenizer learn(
      Dataset dataset, int size, double validationFraction, long seed, TrainingListener listener) {
    ExampleTables read = ExampleTables.read(dataset, OptionalInt.empty(), seed, listener);
    List<LeftOut> damaged = new ArrayList<>();
    texts(read.train(), damaged);
    texts(read.validation(), damaged);
    ExampleTable train = SourceData.of(read.without(damaged), validationFraction, seed).train();
    return WordPieces.learn(texts(train, new ArrayList<>()), size);
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

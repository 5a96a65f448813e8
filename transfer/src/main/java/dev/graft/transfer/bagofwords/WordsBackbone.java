package dev.graft.transfer.bagofwords;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.data.text.Tokenizer;
import dev.graft.data.text.WholeWords;
import dev.graft.engine.TruncatedSvd;
import dev.graft.engine.TruncatedSvd.Factors;
import dev.graft.engine.TruncatedSvd.SparseMatrix;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.text.WordCounts;
import dev.graft.runtime.BundleLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Counts of words in the place of a backbone: what a model of words alone reads, made of the very
 * texts that it will learn from, without their labels. With a linear head it is logistic regression
 * on tf-idf; up to {@value #MOST_FEATURES} texts nothing of that is lost, since the vectors of n
 * texts span n directions, and of more the directions in which texts differ most are kept (latent
 * semantic analysis).
 *
 * <p>The directions are turned by a Hadamard matrix, so that each feature has a share of all of
 * them: heads scale features one by one, which would blow the faintest directions up to the size of
 * the strongest.
 */
public final class WordsBackbone {
  /** How it is called. */
  public static final String ID = "graft/words";

  private static final int MOST_FEATURES = 1_024;
  private static final int MOST_WORDS = 30_000;

  /** More texts hardly change the directions. */
  private static final int MOST_TEXTS = 20_000;

  /** In words. Which of them are the same is found by a table of all pairs. */
  private static final int LONGEST_TEXT = 512;

  private WordsBackbone() {}

  /**
   * Writes its folder: model.onnx, tokenizer.json and config.json. The same texts and seed give the
   * same files.
   *
   * @param folder exists and is empty
   * @param texts the training texts
   * @throws dev.graft.data.DataException where they have no words
   * @throws IOException if it cannot be written
   */
  public static void write(Path folder, List<String> texts, long seed) throws IOException {
    Tokenizer tokenizer = WholeWords.learn(texts, MOST_WORDS);
    List<int[]> words = new ArrayList<>();
    for (String text : texts) {
      words.add(
          Arrays.stream(tokenizer.encode(text, LONGEST_TEXT).ids())
              .filter(id -> id > WholeWords.UNKNOWN)
              .toArray());
    }
    float[] rarity = rarity(words, tokenizer.vocabularySize());
    model(words, rarity, seed).withHalfWeights().write(folder.resolve(BundleLayout.MODEL));
    Files.write(
        folder.resolve(BundleLayout.TOKENIZER), tokenizer.json().getBytes(StandardCharsets.UTF_8));
    ObjectNode config =
        new ObjectMapper()
            .createObjectNode()
            .put("id", ID)
            .put("max_position_embeddings", LONGEST_TEXT)
            .put("max_tokens", LONGEST_TEXT);
    Files.writeString(folder.resolve(BundleLayout.CONFIG), config.toPrettyString() + "\n");
  }

  private static OnnxModel model(List<int[]> words, float[] rarity, long seed) {
    SparseMatrix counts = counts(words, rarity);
    int rank = Math.min(MOST_FEATURES, Math.min(counts.rows(), counts.columns()));
    Factors factors = TruncatedSvd.of(counts, rank, seed);
    int width = Math.max(2, Integer.highestOneBit(2 * rank - 1));
    float[] table = new float[rarity.length * width];
    for (int word = 0; word < rarity.length; word++) {
      float[] row = new float[width];
      System.arraycopy(factors.left().values(), word * rank, row, 0, rank);
      turn(row);
      System.arraycopy(row, 0, table, word * width, width);
    }
    return WordCounts.model(table, width, rarity);
  }

  private static float[] rarity(List<int[]> words, int vocabulary) {
    int[] textsWith = new int[vocabulary];
    words.forEach(text -> Arrays.stream(text).distinct().forEach(word -> textsWith[word]++));
    float[] rarity = new float[vocabulary];
    for (int word = WholeWords.UNKNOWN + 1; word < vocabulary; word++) {
      rarity[word] = (float) (1 + Math.log((1.0 + words.size()) / (1.0 + textsWith[word])));
    }
    return rarity;
  }

  /** Words as rows, some texts as columns, each of length 1, as {@link WordCounts} weighs them. */
  private static SparseMatrix counts(List<int[]> words, float[] rarity) {
    int step = Math.max(1, (words.size() + MOST_TEXTS - 1) / MOST_TEXTS);
    List<int[]> texts = new ArrayList<>();
    int entries = 0;
    for (int text = 0; text < words.size(); text += step) {
      int[] sorted = words.get(text).clone();
      Arrays.sort(sorted);
      texts.add(sorted);
      entries += (int) Arrays.stream(sorted).distinct().count();
    }
    int[] rowOf = new int[entries];
    int[] columnOf = new int[entries];
    float[] values = new float[entries];
    int size = 0;
    for (int column = 0; column < texts.size(); column++) {
      int[] sorted = texts.get(column);
      int first = size;
      double square = 0;
      for (int from = 0; from < sorted.length; ) {
        int to = from;
        while (to < sorted.length && sorted[to] == sorted[from]) {
          to++;
        }
        double value = (1 + Math.log(to - from)) * rarity[sorted[from]];
        rowOf[size] = sorted[from];
        columnOf[size] = column;
        values[size++] = (float) value;
        square += value * value;
        from = to;
      }
      for (int i = first; i < size; i++) {
        values[i] = (float) (values[i] / Math.sqrt(square));
      }
    }
    return new SparseMatrix(rarity.length, texts.size(), rowOf, columnOf, values);
  }

  /** Multiplies by the Hadamard matrix of unit rows, whose side is a power of two. */
  private static void turn(float[] row) {
    for (int half = 1; half < row.length; half *= 2) {
      for (int block = 0; block < row.length; block += 2 * half) {
        for (int i = block; i < block + half; i++) {
          float sum = row[i] + row[i + half];
          row[i + half] = row[i] - row[i + half];
          row[i] = sum;
        }
      }
    }
    float scale = (float) (1 / Math.sqrt(row.length));
    for (int i = 0; i < row.length; i++) {
      row[i] *= scale;
    }
  }
}

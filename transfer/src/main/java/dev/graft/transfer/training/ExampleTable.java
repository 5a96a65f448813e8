package dev.graft.transfer.training;

import dev.graft.data.Example;
import java.util.List;

/**
 * Examples of one part with what training needs of them, row by row.
 *
 * @param examples the examples
 * @param labels class index of each
 * @param contentHashes SHA-256 of each one's bytes
 * @param decoding how their images are decoded
 */
public record ExampleTable(
    List<Example> examples, int[] labels, List<String> contentHashes, Decoding decoding) {
  /** How an image becomes pixels. */
  public enum Decoding {
    /** Every pixel, as predictions see it: for examples that are evaluated on. */
    FULL,
    /** JPEG at a half, quarter or eighth where that is enough: for examples that train. */
    REDUCED
  }

  /** Copies the lists and checks the lengths. */
  public ExampleTable {
    examples = List.copyOf(examples);
    contentHashes = List.copyOf(contentHashes);
    if (labels.length != examples.size() || contentHashes.size() != examples.size()) {
      throw new IllegalArgumentException(
          examples.size()
              + " examples, "
              + labels.length
              + " labels, "
              + contentHashes.size()
              + " hashes");
    }
  }

  /** The number of examples. */
  public int size() {
    return examples.size();
  }

  /** The rows with the given numbers, in that order. */
  public ExampleTable rows(int[] numbers) {
    List<Example> chosen = new java.util.ArrayList<>();
    List<String> hashes = new java.util.ArrayList<>();
    int[] classes = new int[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      chosen.add(examples.get(numbers[i]));
      hashes.add(contentHashes.get(numbers[i]));
      classes[i] = labels[numbers[i]];
    }
    return new ExampleTable(chosen, classes, hashes, decoding);
  }
}

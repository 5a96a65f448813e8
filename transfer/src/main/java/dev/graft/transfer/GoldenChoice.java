package dev.graft.transfer;

import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.ExampleTable.Decoding;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which training examples go into the bundle with their outputs: the first of each class, up to 8.
 */
final class GoldenChoice {
  private static final int MOST = 8;

  private GoldenChoice() {}

  static ExampleTable of(ExampleTables tables) {
    ExampleTable train = tables.train();
    List<Integer> rows = new ArrayList<>();
    Set<Integer> classes = new HashSet<>();
    for (int row = 0; row < train.size() && rows.size() < MOST; row++) {
      if (classes.add(train.labels()[row])) {
        rows.add(row);
      }
    }
    ExampleTable chosen = train.rows(rows.stream().mapToInt(Integer::intValue).toArray());
    return new ExampleTable(
        chosen.examples(), chosen.labels(), chosen.contentHashes(), Decoding.FULL);
  }
}

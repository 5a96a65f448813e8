package dev.graft.transfer.doctor;

import dev.graft.data.DatasetKind;
import dev.graft.data.Splitter;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Data as the doctor sees them.
 *
 * @param kind what the examples are
 * @param classes names of the classes
 * @param train what is trained on
 * @param validation the data's own validation part, perhaps empty
 * @param test the test part, perhaps empty
 * @param groups group of each training example; groups stay on one side of every split
 * @param seed of folds and samples
 */
public record ExaminedData(
    DatasetKind kind,
    List<String> classes,
    ExaminedPart train,
    ExaminedPart validation,
    ExaminedPart test,
    int[] groups,
    long seed) {
  /** Copies the list. */
  public ExaminedData {
    classes = List.copyOf(classes);
  }

  /** The parts in their order. */
  List<ExaminedPart> parts() {
    return List.of(train, validation, test);
  }

  int size() {
    return train.size() + validation.size() + test.size();
  }

  /** A seeded sample of at most so many examples, each part in proportion; the same below that. */
  ExaminedData atMost(int examples) {
    if (size() <= examples) {
      return this;
    }
    int[] trainRows = sample(train.size(), share(train.size(), examples), seed);
    return new ExaminedData(
        kind,
        classes,
        train.rows(trainRows),
        validation.rows(sample(validation.size(), share(validation.size(), examples), seed + 1)),
        test.rows(sample(test.size(), share(test.size(), examples), seed + 2)),
        Arrays.stream(trainRows).map(row -> groups[row]).toArray(),
        seed);
  }

  private int share(int part, int examples) {
    return (int) ((long) part * examples / size());
  }

  /** So many of the first numbers, drawn by a seed, ascending. */
  static int[] sample(int count, int wanted, long seed) {
    int[] rows = Splitter.ungrouped(count);
    if (wanted >= count) {
      return rows;
    }
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < wanted; i++) {
      int other = i + random.nextInt(count - i);
      int kept = rows[i];
      rows[i] = rows[other];
      rows[other] = kept;
    }
    int[] chosen = Arrays.copyOf(rows, wanted);
    Arrays.sort(chosen);
    return chosen;
  }
}

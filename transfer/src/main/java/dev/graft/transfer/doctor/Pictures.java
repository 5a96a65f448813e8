package dev.graft.transfer.doctor;

import dev.graft.data.DataException;
import dev.graft.data.Example;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pictures of the examples, each decoded once, several at a time. Not thread-safe. */
final class Pictures {
  /** Where sharpness is measured, small pictures do not do. */
  private static final int SIDE_TO_MEASURE = 128;

  private static final int SIDE_TO_COMPARE = 48;

  private final List<Example> examples;
  private final Map<Integer, Optional<Picture>> known = new HashMap<>();

  Pictures(List<Example> examples) {
    this.examples = examples;
  }

  /** Decodes, as finely as all measurements need, what is not known yet. */
  void readToMeasure(int[] rows) {
    read(rows, SIDE_TO_MEASURE);
  }

  /** Decodes what is not known yet, coarsely, to compare pictures as a whole. */
  void readToCompare(int[] rows) {
    read(rows, SIDE_TO_COMPARE);
  }

  private void read(int[] rows, int leastSide) {
    List<Integer> missing =
        java.util.Arrays.stream(rows).boxed().filter(row -> !known.containsKey(row)).toList();
    List<Optional<Picture>> read =
        missing.parallelStream().map(row -> picture(examples.get(row), leastSide)).toList();
    for (int i = 0; i < missing.size(); i++) {
      known.put(missing.get(i), read.get(i));
    }
  }

  private static Optional<Picture> picture(Example example, int leastSide) {
    try {
      return Optional.of(Picture.of(example.source().read(), example.source().name(), leastSide));
    } catch (DataException unreadable) {
      // It was named and left out when features were computed, or has changed since.
      return Optional.empty();
    }
  }

  /** A picture that was read; empty where it could not be. */
  Optional<Picture> of(int row) {
    return known.getOrDefault(row, Optional.empty());
  }

  /** Mean number of pixels of the pictures read so far. */
  double meanPixels() {
    return known.values().stream()
        .flatMap(Optional::stream)
        .mapToDouble(Picture::pixels)
        .average()
        .orElse(1);
  }
}

package dev.graft.benchmarks;

import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.data.Part;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A kind of small run whose stated interval is held against a large test part.
 *
 * @param id how it is chosen on the command line
 * @param archive name of the archive
 * @param perClass training examples of each class
 * @param judgedBy what the accuracy is measured on
 */
record IntervalCase(String id, String archive, int perClass, JudgedBy judgedBy) {

  /** Where the examples lie whose share of right predictions counts as the true accuracy. */
  enum JudgedBy {
    /** The test part that the data bring. */
    TEST_PART("the data's test part"),
    /**
     * What sampling left of the other parts, as many of each class, as were trained on: the same
     * distribution as that of the training examples.
     */
    REMAINDER("the rest of the training part, as many of each class");

    private final String words;

    JudgedBy(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  static List<IntervalCase> all() {
    return List.of(
        new IntervalCase("digits-20", "handwritten-digits", 20, JudgedBy.TEST_PART),
        new IntervalCase("x-rays-100", "chest-xray-28", 100, JudgedBy.TEST_PART),
        new IntervalCase("x-rays-100-remainder", "chest-xray-28", 100, JudgedBy.REMAINDER));
  }

  /**
   * A seeded sample to train on, without a validation part, so that training examples are held out
   * in turn.
   */
  Dataset sampled(Dataset all, long seed) {
    Random random = new Random(seed);
    Map<String, List<Example>> byClass =
        all.part(Part.TRAIN).stream()
            .collect(Collectors.groupingBy(Example::label, TreeMap::new, Collectors.toList()));
    List<Example> training = new ArrayList<>();
    List<List<Example>> remaining = new ArrayList<>();
    for (List<Example> examples : byClass.values()) {
      List<Example> shuffled = new ArrayList<>(examples);
      Collections.shuffle(shuffled, random);
      training.addAll(shuffled.subList(0, perClass));
      remaining.add(shuffled.subList(perClass, shuffled.size()));
    }
    Dataset small = all.with(Part.TRAIN, training).with(Part.VALIDATION, List.of());
    if (judgedBy == JudgedBy.TEST_PART) {
      return small;
    }
    int alike = remaining.stream().mapToInt(List::size).min().orElseThrow();
    List<Example> test = new ArrayList<>();
    remaining.forEach(examples -> test.addAll(examples.subList(0, alike)));
    return small.with(Part.TEST, test);
  }
}

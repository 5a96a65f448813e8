package dev.graft.benchmarks.speech;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** Random orders. */
final class Shuffles {
  private Shuffles() {}

  /** The same elements in a random order (Fisher and Yates). */
  static <T> List<T> shuffled(List<T> elements, SplittableRandom random) {
    List<T> shuffled = new ArrayList<>(elements);
    for (int last = shuffled.size() - 1; last > 0; last--) {
      Collections.swap(shuffled, last, random.nextInt(last + 1));
    }
    return shuffled;
  }
}

package dev.graft.benchmarks.speech;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Elements dealt in random order; when all are dealt they are shuffled anew, so that none comes a
 * second time before each came once. Not thread-safe.
 */
final class Deck<T> {
  private final List<T> elements;
  private final Deque<T> left = new ArrayDeque<>();

  Deck(List<T> elements) {
    if (elements.isEmpty()) {
      throw new IllegalArgumentException("Dealing: expected at least one element, found none");
    }
    this.elements = List.copyOf(elements);
  }

  T deal(SplittableRandom random) {
    if (left.isEmpty()) {
      left.addAll(Shuffles.shuffled(elements, random));
    }
    return left.removeFirst();
  }
}

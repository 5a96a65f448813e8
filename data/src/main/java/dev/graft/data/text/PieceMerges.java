package dev.graft.data.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Joins the most frequent pair of neighbouring pieces, again and again. How often each pair occurs
 * is kept up to date word by word, so that a join costs as much as the words that it changes. For
 * one thread.
 */
final class PieceMerges {
  private static final String INSIDE = "##";
  private static final long LEAST_COUNT = 2;

  private final Map<String, Integer> ids;
  private final List<String> pieces;
  private final List<int[]> words = new ArrayList<>();
  private final List<Long> countsOfWords = new ArrayList<>();
  private final Map<Long, Long> counts = new HashMap<>();

  /** Words in which a pair occurs, or did. */
  private final Map<Long, Set<Integer>> places = new HashMap<>();

  private final PriorityQueue<Candidate> queue = new PriorityQueue<>();

  /** A pair with its count at the time; the most frequent first, then by the pieces. */
  private record Candidate(long pair, long count) implements Comparable<Candidate> {
    @Override
    public int compareTo(Candidate other) {
      int byCount = Long.compare(other.count, count);
      return byCount != 0 ? byCount : Long.compare(pair, other.pair);
    }
  }

  /**
   * Words as characters.
   *
   * @param counts how often each word occurs
   * @param ids of the pieces that there are, in their order; new ones are added. Words of other
   *     characters do not count: they are unknown as a whole.
   */
  PieceMerges(Map<String, Long> counts, Map<String, Integer> ids) {
    this.ids = ids;
    this.pieces = new ArrayList<>(ids.keySet());
    counts.forEach(
        (word, count) -> {
          List<String> characters = characters(word);
          if (characters.size() > 1 && characters.stream().allMatch(ids::containsKey)) {
            words.add(characters.stream().mapToInt(c -> ids.getOrDefault(c, 0)).toArray());
            countsOfWords.add(count);
          }
        });
    Set<Long> changed = new LinkedHashSet<>();
    for (int word = 0; word < words.size(); word++) {
      count(word, 1, changed);
    }
    queueAgain(changed);
  }

  /** A word's characters, with ## for all but the first. */
  static List<String> characters(String word) {
    List<String> characters = new ArrayList<>();
    word.codePoints()
        .forEach(c -> characters.add((characters.isEmpty() ? "" : INSIDE) + Character.toString(c)));
    return characters;
  }

  /** Joins until there are so many pieces, or no pair occurs twice. */
  void run(int size) {
    while (ids.size() < size) {
      Candidate best = queue.poll();
      if (best == null) {
        return;
      }
      if (best.count == counts.getOrDefault(best.pair, 0L)) {
        join(best.pair);
      }
    }
  }

  private void join(long pair) {
    int left = (int) (pair >>> 32);
    int right = (int) pair;
    int joined = id(pieces.get(left) + pieces.get(right).substring(INSIDE.length()));
    Set<Long> changed = new LinkedHashSet<>();
    for (int word : places.getOrDefault(pair, Set.of())) {
      int[] before = words.get(word);
      int[] after = joined(before, left, right, joined);
      if (after.length < before.length) {
        count(word, -1, changed);
        words.set(word, after);
        count(word, 1, changed);
      }
    }
    places.remove(pair);
    queueAgain(changed);
  }

  /** Two pairs may give the same piece. */
  private int id(String piece) {
    Integer known = ids.putIfAbsent(piece, pieces.size());
    if (known != null) {
      return known;
    }
    pieces.add(piece);
    return pieces.size() - 1;
  }

  private static int[] joined(int[] word, int left, int right, int joined) {
    int[] result = new int[word.length];
    int length = 0;
    for (int i = 0; i < word.length; i++) {
      boolean here = word[i] == left && i + 1 < word.length && word[i + 1] == right;
      result[length++] = here ? joined : word[i];
      i += here ? 1 : 0;
    }
    return Arrays.copyOf(result, length);
  }

  private void count(int word, int sign, Set<Long> changed) {
    int[] symbols = words.get(word);
    long count = sign * countsOfWords.get(word);
    for (int i = 0; i + 1 < symbols.length; i++) {
      long pair = (long) symbols[i] << 32 | symbols[i + 1];
      counts.merge(pair, count, Long::sum);
      changed.add(pair);
      if (sign > 0) {
        places.computeIfAbsent(pair, fresh -> new LinkedHashSet<>()).add(word);
      }
    }
  }

  private void queueAgain(Set<Long> changed) {
    for (long pair : changed) {
      long count = counts.getOrDefault(pair, 0L);
      if (count >= LEAST_COUNT) {
        queue.add(new Candidate(pair, count));
      } else if (count <= 0) {
        counts.remove(pair);
        places.remove(pair);
      }
    }
  }
}

package dev.graft.data.text;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The sets of shingles of different texts, and all pairs of sets that overlap enough.
 *
 * <p>Found exactly, without sketches: two sets of a Jaccard index of at least t share one of the
 * first {@code |x| - ceil(t |x|) + 1} elements of each, in any one order of all elements (prefix
 * filtering; Chaudhuri, Ganti and Kaushik 2006; Bayardo, Ma and Srikant 2007). The rarest come
 * first, so that lists of sets that have one in common stay short.
 */
final class Shingles {
  /** What the product of a threshold and a count may be off. */
  private static final double ROUNDING = 1e-9;

  /** Of each text, the ranks of its shingles by rareness, ascending. */
  private final int[][] sets;

  private final int ranks;

  private Shingles(int[][] sets, int ranks) {
    this.sets = sets;
    this.ranks = ranks;
  }

  /** Takes a pair of texts by their places, the earlier one first, and tells whether to go on. */
  interface PairSink {
    boolean accept(int first, int second);
  }

  /**
   * The sets of some texts.
   *
   * @param length of a shingle, in chars; a shorter text is one shingle
   */
  static Shingles of(List<String> texts, int length) {
    long[][] hashes = new long[texts.size()][];
    int total = 0;
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = hashes(texts.get(i), length);
      total += hashes[i].length;
    }
    long[] all = new long[total];
    int at = 0;
    for (long[] one : hashes) {
      System.arraycopy(one, 0, all, at, one.length);
      at += one.length;
    }
    Arrays.sort(all);
    return ranked(hashes, all);
  }

  /** Gives each shingle its rank: rare ones first, equally rare ones by their hashes. */
  private static Shingles ranked(long[][] hashes, long[] all) {
    int different = 0;
    long[] keys = new long[all.length];
    int[] counts = new int[all.length];
    for (int i = 0; i < all.length; i++) {
      if (i == 0 || all[i] != all[i - 1]) {
        keys[different++] = all[i];
      }
      counts[different - 1]++;
    }
    long[] order = new long[different];
    for (int i = 0; i < different; i++) {
      order[i] = (long) counts[i] << 32 | i;
    }
    Arrays.sort(order);
    int[] rankOf = new int[different];
    for (int rank = 0; rank < different; rank++) {
      rankOf[(int) order[rank]] = rank;
    }
    int[][] sets = new int[hashes.length][];
    for (int i = 0; i < sets.length; i++) {
      sets[i] = new int[hashes[i].length];
      for (int k = 0; k < hashes[i].length; k++) {
        sets[i][k] = rankOf[Arrays.binarySearch(keys, 0, different, hashes[i][k])];
      }
      Arrays.sort(sets[i]);
    }
    return new Shingles(sets, different);
  }

  /** The different shingles of a text, as their own 64 bits where they have four chars. */
  private static long[] hashes(String text, int length) {
    int count = Math.max(1, text.length() - length + 1);
    long[] hashes = new long[count];
    for (int i = 0; i < count; i++) {
      long hash = 0;
      for (int k = i; k < Math.min(text.length(), i + length); k++) {
        hash = hash << 16 | text.charAt(k);
      }
      hashes[i] = hash;
    }
    return Arrays.stream(hashes).sorted().distinct().toArray();
  }

  double jaccard(int one, int other) {
    int common = common(sets[one], sets[other]);
    return (double) common / (sets[one].length + sets[other].length - common);
  }

  private static int common(int[] a, int[] b) {
    int common = 0;
    int i = 0;
    int k = 0;
    while (i < a.length && k < b.length) {
      if (a[i] == b[k]) {
        common++;
        i++;
        k++;
      } else if (a[i] < b[k]) {
        i++;
      } else {
        k++;
      }
    }
    return common;
  }

  /**
   * Finds all pairs whose Jaccard index reaches a threshold, in a fixed order, and tells whether
   * they were wanted to the end. Shorter sets come first: of what has been seen then, a shorter
   * prefix suffices, {@code |x| - ceil(2 t / (1 + t) |x|) + 1}, and sets that are too short are
   * never looked at again.
   */
  boolean pairs(double threshold, PairSink sink) {
    long[] order = new long[sets.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = (long) sets[i].length << 32 | i;
    }
    Arrays.sort(order);
    Holders holders = new Holders(ranks);
    int[] lastSeen = new int[sets.length];
    Arrays.fill(lastSeen, -1);
    for (long next : order) {
      int set = (int) next;
      int[] elements = sets[set];
      int shortest = (int) Math.ceil(threshold * elements.length - ROUNDING);
      int probed = elements.length - shortest + 1;
      for (int p = 0; p < probed; p++) {
        int rank = elements[p];
        holders.forget(rank, other -> sets[other].length < shortest);
        for (int h = holders.begin(rank); h < holders.end(rank); h++) {
          int other = holders.at(rank, h);
          if (lastSeen[other] != set) {
            lastSeen[other] = set;
            if (areLike(sets[other], elements, threshold)
                && !sink.accept(Math.min(other, set), Math.max(other, set))) {
              return false;
            }
          }
        }
      }
      int indexed =
          elements.length
              - (int) Math.ceil(2 * threshold / (1 + threshold) * elements.length - ROUNDING)
              + 1;
      for (int p = 0; p < indexed; p++) {
        holders.add(elements[p], set);
      }
    }
    return true;
  }

  /** Gives up as soon as what is left cannot be enough. */
  private static boolean areLike(int[] a, int[] b, double threshold) {
    int total = a.length + b.length;
    // From common / (total - common) >= threshold.
    int needed = (int) Math.ceil(threshold / (1 + threshold) * total - ROUNDING);
    int missesOfA = a.length - needed;
    int missesOfB = b.length - needed;
    int common = 0;
    int i = 0;
    int k = 0;
    while (missesOfA >= 0 && missesOfB >= 0 && i < a.length && k < b.length) {
      if (a[i] == b[k]) {
        common++;
        i++;
        k++;
      } else if (a[i] < b[k]) {
        i++;
        missesOfA--;
      } else {
        k++;
        missesOfB--;
      }
    }
    return common >= needed;
  }

  /** For each shingle the sets that have it in their prefix, in the order of their lengths. */
  private static final class Holders {
    private final int[][] lists;
    private final int[] begins;
    private final int[] ends;

    private Holders(int ranks) {
      lists = new int[ranks][];
      begins = new int[ranks];
      ends = new int[ranks];
    }

    private int begin(int rank) {
      return begins[rank];
    }

    private int end(int rank) {
      return ends[rank];
    }

    private int at(int rank, int place) {
      return lists[rank][place];
    }

    private void forget(int rank, IntPredicate outdated) {
      while (begins[rank] < ends[rank] && outdated.test(lists[rank][begins[rank]])) {
        begins[rank]++;
      }
    }

    private void add(int rank, int set) {
      int[] list = lists[rank];
      if (list == null) {
        list = new int[2];
      } else if (ends[rank] == list.length) {
        list = Arrays.copyOf(list, 2 * list.length);
      }
      list[ends[rank]++] = set;
      lists[rank] = list;
    }
  }
}

package dev.graft.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Stratified splits that keep groups (near-duplicates, pictures of one patient) on one side.
 *
 * <p>Each class is divided in the asked proportion as nearly as whole groups allow. A group belongs
 * to the class that most of its examples have, the lower class index where they are even. The same
 * arguments give the same split on every machine. All methods are pure functions.
 */
public final class Splitter {
  private Splitter() {}

  /** The groups of examples that are all independent: each one its own. */
  public static int[] ungrouped(int examples) {
    int[] groups = new int[examples];
    Arrays.setAll(groups, i -> i);
    return groups;
  }

  /**
   * Holds a part of each class out for validation: about {@code fraction} of its examples, at least
   * one group, and never its last group.
   *
   * @param labels class index of each example, 0 or more
   * @param groups group of each example, any numbers
   * @param fraction part held out, more than 0, less than 1
   */
  public static Split holdOut(int[] labels, int[] groups, double fraction, long seed) {
    if (!(fraction > 0 && fraction < 1)) {
      throw new IllegalArgumentException(
          "fraction: expected more than 0, less than 1, found " + fraction);
    }
    boolean[] heldOut = new boolean[labels.length];
    SplittableRandom random = new SplittableRandom(seed);
    for (List<int[]> ofClass : shuffledGroups(labels, groups, random)) {
      int examples = ofClass.stream().mapToInt(group -> group.length).sum();
      long wanted = Math.max(1, Math.round(examples * fraction));
      int taken = 0;
      int groupsTaken = 0;
      for (int[] group : ofClass) {
        boolean leavesOne = groupsTaken < ofClass.size() - 1;
        boolean comesNearer = Math.abs(taken + group.length - wanted) < Math.abs(taken - wanted);
        if (leavesOne && comesNearer) {
          mark(heldOut, group);
          taken += group.length;
          groupsTaken++;
        }
      }
      if (taken == 0 && ofClass.size() > 1) {
        mark(heldOut, smallest(ofClass));
      }
    }
    return split(heldOut);
  }

  /**
   * Divides the examples into k folds: each example is judged by in exactly one of the k splits.
   *
   * @param labels class index of each example, 0 or more
   * @param groups group of each example, any numbers
   * @param k number of folds, at least 2 and at most the number of groups
   */
  public static List<Split> folds(int[] labels, int[] groups, int k, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<List<int[]>> classes = shuffledGroups(labels, groups, random);
    int groupCount = classes.stream().mapToInt(List::size).sum();
    if (k < 2 || k > groupCount) {
      throw new IllegalArgumentException(
          "k: expected 2 folds up to the number of groups, " + groupCount + ", found " + k);
    }
    int[] fold = new int[labels.length];
    int[] sizes = new int[k];
    int firstFold = 0;
    for (List<int[]> ofClass : classes) {
      int[] sizesOfClass = new int[k];
      // Large groups first, so that the small ones can even things out; the sort is stable and
      // keeps the random order.
      List<int[]> ordered = new ArrayList<>(ofClass);
      ordered.sort((a, b) -> Integer.compare(b.length, a.length));
      for (int[] group : ordered) {
        int best = -1;
        for (int step = 0; step < k; step++) {
          int candidate = (firstFold + step) % k;
          if (best < 0
              || sizesOfClass[candidate] < sizesOfClass[best]
              || (sizesOfClass[candidate] == sizesOfClass[best]
                  && sizes[candidate] < sizes[best])) {
            best = candidate;
          }
        }
        for (int example : group) {
          fold[example] = best;
        }
        sizesOfClass[best] += group.length;
        sizes[best] += group.length;
      }
      firstFold = (firstFold + 1) % k;
    }
    List<Split> splits = new ArrayList<>(k);
    for (int f = 0; f < k; f++) {
      boolean[] heldOut = new boolean[labels.length];
      for (int i = 0; i < labels.length; i++) {
        heldOut[i] = fold[i] == f;
      }
      splits.add(split(heldOut));
    }
    return List.copyOf(splits);
  }

  /**
   * Draws a number of examples of each class, all of a class that has fewer; groups are drawn one
   * example first, so that near-duplicates come in only where nothing else is left.
   *
   * @param labels class index of each example, 0 or more
   * @param groups group of each example, any numbers
   * @param perClass examples to draw of each class, at least 1
   * @return indices, ascending
   */
  public static int[] sample(int[] labels, int[] groups, int perClass, long seed) {
    if (perClass < 1) {
      throw new IllegalArgumentException(
          "examples per class: expected at least 1, found " + perClass);
    }
    SplittableRandom random = new SplittableRandom(seed);
    List<Integer> drawn = new ArrayList<>();
    for (int label = 0; label <= Arrays.stream(labels).max().orElse(-1); label++) {
      List<Integer> firsts = new ArrayList<>();
      List<Integer> others = new ArrayList<>();
      Map<Integer, Boolean> seen = new LinkedHashMap<>();
      for (int i : shuffledIndices(labels, label, random)) {
        (seen.put(groups[i], true) == null ? firsts : others).add(i);
      }
      firsts.addAll(others);
      drawn.addAll(firsts.subList(0, Math.min(perClass, firsts.size())));
    }
    return drawn.stream().mapToInt(Integer::intValue).sorted().toArray();
  }

  /**
   * The number of groups that belong to each class. A class with fewer than two cannot be on both
   * sides of a split.
   *
   * @param labels class index of each example, 0 or more
   * @param groups group of each example, any numbers
   * @return a count for each class index up to the largest
   */
  public static int[] groupsPerClass(int[] labels, int[] groups) {
    return groupsByClass(labels, groups).stream().mapToInt(List::size).toArray();
  }

  /** For each class the groups that belong to it, each as its example indices, in random order. */
  private static List<List<int[]>> shuffledGroups(
      int[] labels, int[] groups, SplittableRandom random) {
    List<List<int[]>> byClass = groupsByClass(labels, groups);
    byClass.forEach(ofClass -> shuffle(ofClass, random));
    return byClass;
  }

  private static List<List<int[]>> groupsByClass(int[] labels, int[] groups) {
    if (labels.length != groups.length) {
      throw new IllegalArgumentException(
          "expected one group for each of " + labels.length + " labels, found " + groups.length);
    }
    int classes = Arrays.stream(labels).max().orElse(-1) + 1;
    Map<Integer, List<Integer>> members = new LinkedHashMap<>();
    for (int i = 0; i < groups.length; i++) {
      members.computeIfAbsent(groups[i], g -> new ArrayList<>()).add(i);
    }
    List<List<int[]>> byClass = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      byClass.add(new ArrayList<>());
    }
    for (List<Integer> group : members.values()) {
      int[] indices = group.stream().mapToInt(Integer::intValue).toArray();
      byClass.get(majorityLabel(indices, labels, classes)).add(indices);
    }
    return byClass;
  }

  private static int majorityLabel(int[] indices, int[] labels, int classes) {
    if (indices.length == 1) {
      return labels[indices[0]];
    }
    int[] votes = new int[classes];
    for (int i : indices) {
      votes[labels[i]]++;
    }
    int best = 0;
    for (int c = 1; c < classes; c++) {
      best = votes[c] > votes[best] ? c : best;
    }
    return best;
  }

  private static List<Integer> shuffledIndices(int[] labels, int label, SplittableRandom random) {
    List<Integer> indices = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] == label) {
        indices.add(i);
      }
    }
    shuffle(indices, random);
    return indices;
  }

  private static <T> void shuffle(List<T> items, SplittableRandom random) {
    for (int i = items.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      T kept = items.get(i);
      items.set(i, items.get(j));
      items.set(j, kept);
    }
  }

  private static int[] smallest(List<int[]> groups) {
    int[] best = groups.get(0);
    for (int[] group : groups) {
      best = group.length < best.length ? group : best;
    }
    return best;
  }

  private static void mark(boolean[] marks, int[] indices) {
    for (int i : indices) {
      marks[i] = true;
    }
  }

  private static Split split(boolean[] heldOut) {
    int[] all = ungrouped(heldOut.length);
    return new Split(
        Arrays.stream(all).filter(i -> !heldOut[i]).toArray(),
        Arrays.stream(all).filter(i -> heldOut[i]).toArray());
  }
}

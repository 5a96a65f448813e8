package dev.graft.transfer;

import dev.graft.data.DataException;
import dev.graft.data.NearDuplicates;
import dev.graft.data.Splitter;
import dev.graft.transfer.training.ExampleTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which training examples stay together in every split, such that there is something to split.
 *
 * <p>Near-duplicates stay together where that leaves each class at least two groups. (A group of
 * several classes belongs to the class of most of its examples, so that few large groups can leave
 * a class with none.) Otherwise only equal files do. Where even they leave every class with one
 * group, nothing can be held out, and training needs a validation part of the data's own.
 */
final class SplitGroups {
  private final int[] groups;
  private final List<String> notes;

  private SplitGroups(int[] groups, List<String> notes) {
    this.groups = groups;
    this.notes = notes;
  }

  /**
   * Decides.
   *
   * @param alike the near-duplicates among the training examples
   * @param validation the data's own validation part, perhaps empty
   * @throws DataException if nothing can be held out and there is no validation part
   */
  static SplitGroups choose(
      List<String> classes, ExampleTable train, NearDuplicates alike, ExampleTable validation) {
    List<String> notes = new ArrayList<>();
    alike.note().ifPresent(notes::add);
    if (fewest(train.labels(), alike.groups()) >= 2) {
      if (alike.pairs() > 0) {
        notes.add(
            (alike.pairs() == 1
                    ? "1 pair of training examples is"
                    : alike.pairs() + " pairs of training examples are")
                + " nearly alike; they are kept on one side of every split.");
      }
      return new SplitGroups(alike.groups(), notes);
    }
    notes.add(
        "Examples of whole classes are nearly alike for this backbone; only equal files are kept"
            + " on one side of every split.");
    int[] equal = LikeExamples.equal(train).groups();
    int[] groupsPerClass = Splitter.groupsPerClass(train.labels(), equal);
    if (validation.size() == 0) {
      requireDivisible(groupsPerClass);
      notes.addAll(indivisible(classes, groupsPerClass));
    }
    return new SplitGroups(equal, notes);
  }

  private static int fewest(int[] labels, int[] groups) {
    return Arrays.stream(Splitter.groupsPerClass(labels, groups)).min().orElse(0);
  }

  private static void requireDivisible(int[] groupsPerClass) {
    if (Arrays.stream(groupsPerClass).allMatch(count -> count < 2)) {
      throw new DataException(
          "Training: at least one class with two different files is needed, so that examples can be"
              + " held out to judge by, but in each class all training examples are the same file."
              + " Add examples that differ, or a validation part.");
    }
  }

  private static List<String> indivisible(List<String> classes, int[] groupsPerClass) {
    List<String> notes = new ArrayList<>();
    for (int label = 0; label < groupsPerClass.length; label++) {
      if (groupsPerClass[label] < 2) {
        notes.add(
            "The training examples of class \""
                + classes.get(label)
                + "\" are copies of the same file, which no split can part: how well the class is"
                + " recognised shows in a test part only.");
      }
    }
    return notes;
  }

  /** The group of each training example. */
  int[] groups() {
    return groups.clone();
  }

  /** Remarks for people. */
  List<String> notes() {
    return List.copyOf(notes);
  }
}

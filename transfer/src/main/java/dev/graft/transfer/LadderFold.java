package dev.graft.transfer;

import dev.graft.data.Split;
import dev.graft.data.Splitter;
import dev.graft.transfer.training.ExampleTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One of the divisions on which the rungs of the ladder are compared.
 *
 * @param train what is trained on
 * @param trainGroups near-duplicates among it
 * @param heldOut what is predicted
 * @param rows of the held-out examples in the table that they are from
 * @param groups near-duplicates among the held-out examples
 */
record LadderFold(
    ExampleTable train, int[] trainGroups, ExampleTable heldOut, int[] rows, int[] groups) {
  /** Follows what judged a strategy that was chosen. */
  static final String OF_CHOSEN = ", by which the strategy was chosen as well";

  private static final int FOLDS = 3;

  /** More examples give a held-out share that is large enough alone. */
  private static final int FOLDS_UP_TO_EXAMPLES = 1_000;

  /**
   * All divisions with what they are of.
   *
   * @param heldOut how what judges was chosen, in words
   * @param then what was done after it, in words
   */
  record Folds(List<LadderFold> all, ExampleTable table, String heldOut, String then) {
    private static final String TRAINED_ON_ALL = "; the model was then trained on all of them";

    /** How a training that nothing was compared with is judged. */
    String method() {
      return heldOut + then;
    }

    /** How one of several strategies is judged, which looks better for having been chosen. */
    String methodOfChosen() {
      return heldOut + OF_CHOSEN + then;
    }

    int[] rows() {
      return all.stream().flatMapToInt(fold -> Arrays.stream(fold.rows)).toArray();
    }

    int[] labels() {
      return all.stream().flatMapToInt(fold -> Arrays.stream(fold.heldOut.labels())).toArray();
    }

    int[] groups() {
      return all.stream().flatMapToInt(fold -> Arrays.stream(fold.groups)).toArray();
    }

    /** So many of the divisions, in their order. */
    Folds first(int count) {
      return count == all.size()
          ? this
          : new Folds(
              all.subList(0, count),
              table,
              "the first "
                  + (count == 1 ? "" : count + " ")
                  + "of "
                  + all.size()
                  + " folds of the training examples (the time allowed no more)",
              then);
    }
  }

  /**
   * The data's own validation part is the one thing to be judged by, where there is one; many
   * examples are divided once, few in folds.
   *
   * @param groups near-duplicates among the training examples
   */
  static Folds of(ExampleTables tables, TransferSettings settings, int[] groups) {
    ExampleTable train = tables.train();
    ExampleTable validation = tables.validation();
    if (validation.size() > 0) {
      int[] rows = Splitter.ungrouped(validation.size());
      int[] alike = LikeExamples.equal(validation).groups();
      LadderFold own = new LadderFold(train, groups, validation, rows, alike);
      return new Folds(List.of(own), validation, ExampleTables.OWN_VALIDATION, "");
    }
    long seed = settings.seed();
    if (train.size() > FOLDS_UP_TO_EXAMPLES) {
      double fraction = settings.validationFraction();
      Split split = Splitter.holdOut(train.labels(), groups, fraction, seed);
      String method = Math.round(100 * fraction) + " % of the training examples, held out";
      return new Folds(List.of(of(train, groups, split)), train, method, Folds.TRAINED_ON_ALL);
    }
    int distinct = (int) Arrays.stream(groups).distinct().count();
    List<LadderFold> folds = new ArrayList<>();
    for (Split split : Splitter.folds(train.labels(), groups, Math.min(FOLDS, distinct), seed)) {
      folds.add(of(train, groups, split));
    }
    return new Folds(
        List.copyOf(folds),
        train,
        "cross-validation on the training examples (out-of-fold)",
        Folds.TRAINED_ON_ALL);
  }

  /** Values of the held-out examples of all folds, one fold after another. */
  static float[] joined(List<float[]> parts) {
    float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int position = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, position, part.length);
      position += part.length;
    }
    return all;
  }

  private static LadderFold of(ExampleTable table, int[] groups, Split split) {
    return new LadderFold(
        table.rows(split.train()),
        Arrays.stream(split.train()).map(row -> groups[row]).toArray(),
        table.rows(split.validation()),
        split.validation(),
        Arrays.stream(split.validation()).map(row -> groups[row]).toArray());
  }
}

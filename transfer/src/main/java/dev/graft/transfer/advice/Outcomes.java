package dev.graft.transfer.advice;

import dev.graft.transfer.training.Validated;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Which examples a classifier told right while they were held out.
 *
 * @param rows numbers of the examples
 * @param right whether each was told right
 */
record Outcomes(int[] rows, boolean[] right) {
  static Outcomes of(Validated validated, int classes) {
    boolean[] right = new boolean[validated.labels().length];
    for (int i = 0; i < right.length; i++) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        best =
            validated.probabilities()[i * classes + c]
                    > validated.probabilities()[i * classes + best]
                ? c
                : best;
      }
      right[i] = best == validated.labels()[i];
    }
    return new Outcomes(validated.rows(), right);
  }

  /** Of always answering one class. */
  static Outcomes ofConstant(int[] rows, int[] labels, int answer) {
    boolean[] right = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      right[i] = labels[rows[i]] == answer;
    }
    return new Outcomes(rows, right);
  }

  Score score() {
    return Score.of(right);
  }

  /** This one against another, on the examples that the other was judged by. */
  PairedAccuracy against(Outcomes other) {
    return PairedAccuracy.of(on(other.rows), other.right);
  }

  private boolean[] on(int[] wanted) {
    Map<Integer, Boolean> byRow = new HashMap<>();
    for (int i = 0; i < rows.length; i++) {
      byRow.put(rows[i], right[i]);
    }
    boolean[] found = new boolean[wanted.length];
    for (int i = 0; i < wanted.length; i++) {
      Boolean known = byRow.get(wanted[i]);
      if (known == null) {
        throw new IllegalArgumentException(
            "example " + wanted[i] + " is not among " + Arrays.toString(rows));
      }
      found[i] = known;
    }
    return found;
  }
}

package dev.graft.transfer.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Examples of one class that were taken for another. */
record Confusion(int actual, int predicted, int count) {

  /** All confusions, the most frequent first. */
  static List<Confusion> mostFrequent(Evaluation evaluation) {
    int classes = evaluation.perClass().size();
    List<Confusion> found = new ArrayList<>();
    for (int actual = 0; actual < classes; actual++) {
      for (int predicted = 0; predicted < classes; predicted++) {
        int count = evaluation.confusion(actual, predicted);
        if (actual != predicted && count > 0) {
          found.add(new Confusion(actual, predicted, count));
        }
      }
    }
    found.sort(Comparator.comparingInt(Confusion::count).reversed());
    return found;
  }
}

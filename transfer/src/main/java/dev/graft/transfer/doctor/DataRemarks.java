package dev.graft.transfer.doctor;

import dev.graft.transfer.evidence.DataFindings.DuplicateGroup;
import dev.graft.transfer.evidence.DataFindings.Member;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What there is to say about the data in sentences. */
final class DataRemarks {
  private static final int FEW_EXAMPLES = 20;
  private static final double IMBALANCE = 5;
  private static final int NAMED = 5;

  private final ExaminedData data;
  private final List<String> remarks = new ArrayList<>();

  private DataRemarks(ExaminedData data) {
    this.data = data;
  }

  static List<String> of(ExaminedData data, List<DuplicateGroup> duplicates) {
    DataRemarks remarks = new DataRemarks(data);
    remarks.classSizes();
    remarks.copiesInTest(duplicates);
    return remarks.remarks;
  }

  private void classSizes() {
    int[] counts = new int[data.classes().size()];
    for (int label : data.train().table().labels()) {
      counts[label]++;
    }
    int smallest = 0;
    int largest = 0;
    List<String> few = new ArrayList<>();
    for (int c = 0; c < counts.length; c++) {
      smallest = counts[c] < counts[smallest] ? c : smallest;
      largest = counts[c] > counts[largest] ? c : largest;
      if (counts[c] < FEW_EXAMPLES) {
        few.add("\"" + data.classes().get(c) + "\" (" + counts[c] + ")");
      }
    }
    if (counts[smallest] > 0 && counts[largest] >= IMBALANCE * counts[smallest]) {
      remarks.add(
          String.format(
              Locale.ROOT,
              "The classes are of unequal size: \"%s\" has %d training examples, \"%s\" has %d, %.0f"
                  + " times as many. Watch the balanced accuracy; --class-weights balanced gives each"
                  + " class the same say.",
              data.classes().get(smallest),
              counts[smallest],
              data.classes().get(largest),
              counts[largest],
              (double) counts[largest] / counts[smallest]));
    }
    if (!few.isEmpty()) {
      remarks.add(
          "Fewer than "
              + FEW_EXAMPLES
              + " training examples: "
              + String.join(", ", few.subList(0, Math.min(NAMED, few.size())))
              + (few.size() > NAMED ? " and " + (few.size() - NAMED) + " more classes" : "")
              + ". Whatever is said of single classes is uncertain; more examples help most here.");
    }
  }

  private void copiesInTest(List<DuplicateGroup> duplicates) {
    Map<String, Integer> rows = new HashMap<>();
    for (int i = 0; i < data.test().size(); i++) {
      rows.put(data.test().table().examples().get(i).id(), i);
    }
    boolean[] copied = new boolean[data.test().size()];
    int count = 0;
    for (DuplicateGroup group : duplicates) {
      boolean reaches =
          group.members().stream().anyMatch(m -> !m.part().equals(data.test().name()));
      for (Member member : group.members()) {
        Integer row = member.part().equals(data.test().name()) ? rows.get(member.id()) : null;
        if (reaches && row != null) {
          copied[row] = true;
          count++;
        }
      }
    }
    if (count > 0) {
      remarks.add(
          count
              + " of "
              + copied.length
              + " test examples "
              + (count == 1 ? "is" : "are")
              + " nearly the same as examples that were trained or validated on."
              + withoutThem(copied, count).orElse(""));
    }
  }

  private Optional<String> withoutThem(boolean[] copied, int count) {
    if (data.test().probabilities().isEmpty() || count == copied.length) {
      return Optional.empty();
    }
    int classes = data.classes().size();
    float[] probabilities = data.test().probabilities().get();
    int right = 0;
    int rightAlone = 0;
    for (int i = 0; i < copied.length; i++) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        best = probabilities[i * classes + c] > probabilities[i * classes + best] ? c : best;
      }
      if (best == data.test().table().labels()[i]) {
        right++;
        rightAlone += copied[i] ? 0 : 1;
      }
    }
    double alone = 100.0 * rightAlone / (copied.length - count);
    double all = 100.0 * right / copied.length;
    String begun =
        alone < all
            ? (count == 1 ? "It makes" : "They make")
                + " the test accuracy look better than it is: alone, the others give"
            : "Of the others alone the test accuracy is";
    return Optional.of(
        String.format(Locale.ROOT, " %s %.1f %% instead of %.1f %%.", begun, alone, all));
  }
}

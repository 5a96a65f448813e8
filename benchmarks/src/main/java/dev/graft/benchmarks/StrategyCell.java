package dev.graft.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Data, their number and a backbone: what strategies are compared on.
 *
 * @param data name of the archive
 * @param examplesPerClass size of the seeded sample; empty for the whole training part
 * @param backbone name of the backbone
 */
record StrategyCell(String data, OptionalInt examplesPerClass, String backbone) {
  /** All cells of the table. */
  static List<StrategyCell> all() {
    List<StrategyCell> cells = new ArrayList<>();
    for (String backbone : List.of(MeasuredBackbone.BUNDLED, SharedMaterial.SMALL_BACKBONE)) {
      cells.add(new StrategyCell("ants-bees", OptionalInt.empty(), backbone));
      for (int count : new int[] {25, 100, 400}) {
        cells.add(new StrategyCell("chest-xray-28", OptionalInt.of(count), backbone));
      }
      for (int count : new int[] {5, 20, 100}) {
        cells.add(new StrategyCell("handwritten-digits", OptionalInt.of(count), backbone));
      }
    }
    return List.copyOf(cells);
  }

  /** For example {@code handwritten-digits-20-photo-small}. */
  String id() {
    String count = examplesPerClass.isPresent() ? "-" + examplesPerClass.getAsInt() : "";
    return data + count + "-" + backbone;
  }
}

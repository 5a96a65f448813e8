package dev.graft.data;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects the rows of tables of texts. */
final class LabelledTexts {
  /** More rows are refused: at some hundred bytes each, their administration alone needs memory. */
  static final int MOST_ROWS = 1_000_000;

  /** Of rows that are left out, so many are told one by one. */
  private static final int MOST_LEFT_OUT = 10_000;

  private final String name;
  private final Map<Part, List<Example>> parts = new EnumMap<>(Part.class);
  private final List<LeftOut> leftOut;
  private final Map<String, String> labels = new HashMap<>();
  private int rows;
  private long untold;

  LabelledTexts(String name, List<LeftOut> leftOut) {
    this.name = name;
    this.leftOut = new ArrayList<>(leftOut);
  }

  void leaveOut(String path, String reason) {
    if (leftOut.size() < MOST_LEFT_OUT) {
      leftOut.add(new LeftOut(path, reason));
    } else {
      untold++;
    }
  }

  /** Adds a row. */
  void add(Part part, String label, String id, ExampleSource source) {
    if (++rows > MOST_ROWS) {
      throw new DataException(
          "Cannot use "
              + name
              + ": it has more than "
              + MOST_ROWS
              + " rows with text and label, which is the limit. Take a sample of them.");
    }
    // One string for all examples of a class.
    String known = labels.putIfAbsent(label, label);
    parts
        .computeIfAbsent(part, p -> new ArrayList<>())
        .add(new Example(id, known == null ? label : known, source));
  }

  Dataset toDataset() {
    if (untold > 0) {
      leftOut.add(new LeftOut(name, untold + " further rows were left out as well"));
    }
    if (parts.isEmpty()) {
      throw new DataException(
          "Cannot use "
              + name
              + ": no row with a text and a label was found."
              + (leftOut.isEmpty()
                  ? " It has a header alone."
                  : " Left out: "
                      + (leftOut.size() + Math.max(0, untold - 1))
                      + (leftOut.size() == 1 ? " item, " : " items, first ")
                      + leftOut.get(0).path()
                      + ": "
                      + leftOut.get(0).reason()
                      + "."));
    }
    return new Dataset(name, DatasetKind.TEXT, parts, Set.of(), leftOut);
  }
}

package dev.graft.cli;

import dev.graft.data.LeftOut;
import java.util.ArrayList;
import java.util.List;

/** Names what was left out: all of it is counted, the first items are shown with their reasons. */
final class LeftOutReport {
  private final int shownAtMost;
  private final List<LeftOut> first = new ArrayList<>();
  private int count;

  /**
   * An empty report.
   *
   * @param shownAtMost the number of items to show
   */
  LeftOutReport(int shownAtMost) {
    this.shownAtMost = shownAtMost;
  }

  static LeftOutReport of(List<LeftOut> items, int shownAtMost) {
    LeftOutReport report = new LeftOutReport(shownAtMost);
    items.forEach(report::add);
    return report;
  }

  void add(LeftOut item) {
    count++;
    if (first.size() < shownAtMost) {
      first.add(item);
    }
  }

  int count() {
    return count;
  }

  /** One heading line and a line for each item shown; empty if nothing was left out. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (count > 0) {
      lines.add("Left out: " + Wording.count(count, "file"));
      for (LeftOut item : first) {
        lines.add("  " + Wording.name(item.path()) + ": " + Wording.name(item.reason()));
      }
      if (count > first.size()) {
        lines.add("  ... and " + Wording.count(count - first.size()) + " more");
      }
    }
    return lines;
  }
}

package dev.graft.benchmarks;

import java.util.List;
import java.util.Locale;

/**
 * One training of a strategy on a cell; a line of the file of results.
 *
 * @param cell name of the cell
 * @param strategy what was asked for
 * @param chosen what trained: the same, or what was chosen automatically
 * @param accuracy on the test part
 * @param seconds of the whole training
 */
record StrategyRun(
    String cell, long seed, String strategy, String chosen, double accuracy, double seconds) {
  private static final int COLUMNS = 6;

  /** Whether it is the run of this strategy on that cell with this seed. */
  boolean is(String ofCell, long withSeed, String asked) {
    return cell.equals(ofCell) && seed == withSeed && strategy.equals(asked);
  }

  String line() {
    return String.join(
        "\t",
        List.of(
            cell,
            Long.toString(seed),
            strategy,
            chosen,
            String.format(Locale.ROOT, "%.5f", accuracy),
            String.format(Locale.ROOT, "%.1f", seconds)));
  }

  static StrategyRun parse(String line) {
    String[] columns = line.split("\t", -1);
    if (columns.length != COLUMNS) {
      throw new IllegalArgumentException(
          "expected " + COLUMNS + " columns, found " + columns.length + " in: " + line);
    }
    return new StrategyRun(
        columns[0],
        Long.parseLong(columns[1]),
        columns[2],
        columns[3],
        Double.parseDouble(columns[4]),
        Double.parseDouble(columns[5]));
  }
}

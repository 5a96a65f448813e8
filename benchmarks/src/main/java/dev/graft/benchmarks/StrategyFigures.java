package dev.graft.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** The table that runs of strategies give: a row for each cell, a column for each strategy. */
final class StrategyFigures {
  /** The strategy that chooses. */
  static final String AUTOMATIC = "auto";

  private final List<StrategyRun> runs;
  private final Set<String> cells = new LinkedHashSet<>();
  private final Set<String> strategies = new LinkedHashSet<>();

  StrategyFigures(List<StrategyRun> runs) {
    this.runs = List.copyOf(runs);
    for (StrategyRun run : runs) {
      cells.add(run.cell());
      strategies.add(run.strategy());
    }
    strategies.remove(AUTOMATIC);
    strategies.add(AUTOMATIC);
  }

  /** Mean over the seeds; empty where nothing was run. */
  OptionalDouble accuracy(String cell, String strategy) {
    return runs.stream()
        .filter(run -> run.cell().equals(cell) && run.strategy().equals(strategy))
        .mapToDouble(StrategyRun::accuracy)
        .average();
  }

  /** The best of the strategies that were asked for, found afterwards. */
  OptionalDouble best(String cell) {
    return strategies.stream()
        .filter(strategy -> !strategy.equals(AUTOMATIC))
        .map(strategy -> accuracy(cell, strategy))
        .filter(OptionalDouble::isPresent)
        .mapToDouble(OptionalDouble::getAsDouble)
        .max();
  }

  /** Lines of a Markdown table, with the mean over the cells that have every strategy. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| data and backbone | seeds | " + String.join(" | ", strategies) + " | best by hand |");
    lines.add("|---|---|" + "---|".repeat(strategies.size() + 1));
    Map<String, List<Double>> complete = new LinkedHashMap<>();
    for (String cell : cells) {
      StringBuilder line = new StringBuilder("| " + cell + " | " + seeds(cell) + " |");
      strategies.forEach(strategy -> line.append(percent(accuracy(cell, strategy))));
      lines.add(line + percent(best(cell)));
      if (strategies.stream().allMatch(strategy -> accuracy(cell, strategy).isPresent())) {
        strategies.forEach(
            strategy ->
                complete
                    .computeIfAbsent(strategy, name -> new ArrayList<>())
                    .add(accuracy(cell, strategy).orElseThrow()));
        complete.computeIfAbsent("best", name -> new ArrayList<>()).add(best(cell).orElseThrow());
      }
    }
    if (!complete.isEmpty()) {
      int count = complete.values().iterator().next().size();
      StringBuilder line = new StringBuilder("| mean of " + count + " | |");
      complete.values().forEach(values -> line.append(percent(mean(values))));
      lines.add(line.toString());
    }
    return lines;
  }

  private static OptionalDouble mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average();
  }

  private long seeds(String cell) {
    return runs.stream()
        .filter(run -> run.cell().equals(cell))
        .map(StrategyRun::seed)
        .distinct()
        .count();
  }

  private static String percent(OptionalDouble share) {
    return share.isPresent()
        ? String.format(Locale.ROOT, " %.1f |", 100 * share.getAsDouble())
        : " – |";
  }
}

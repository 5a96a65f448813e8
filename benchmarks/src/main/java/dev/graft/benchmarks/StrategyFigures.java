package dev.graft.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

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

  /** Mean over the seeds that every strategy ran with, or its own where there are none. */
  OptionalDouble accuracy(String cell, String strategy) {
    Set<Long> common = common(cell);
    return runs.stream()
        .filter(run -> run.cell().equals(cell) && run.strategy().equals(strategy))
        .filter(run -> common.isEmpty() || common.contains(run.seed()))
        .mapToDouble(StrategyRun::accuracy)
        .average();
  }

  /** The seeds that every strategy ran with on a cell. */
  private Set<Long> common(String cell) {
    return runs.stream()
        .filter(run -> run.cell().equals(cell))
        .map(StrategyRun::seed)
        .filter(
            seed ->
                strategies.stream()
                    .allMatch(
                        strategy -> runs.stream().anyMatch(run -> run.is(cell, seed, strategy))))
        .collect(Collectors.toSet());
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
        "| data and backbone | seeds of all | "
            + String.join(" | ", strategies)
            + " | best by hand |");
    lines.add("|---|---|" + "---|".repeat(strategies.size() + 1));
    Map<String, List<Double>> complete = new LinkedHashMap<>();
    for (String cell : cells) {
      int seeds = common(cell).size();
      StringBuilder line = new StringBuilder("| " + cell + " | " + seeds + " |");
      strategies.forEach(strategy -> line.append(percent(accuracy(cell, strategy))));
      lines.add(line + percent(best(cell)));
      if (seeds > 0 && best(cell).isPresent()) {
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

  private static String percent(OptionalDouble share) {
    return share.isPresent()
        ? String.format(Locale.ROOT, " %.1f |", 100 * share.getAsDouble())
        : " – |";
  }
}

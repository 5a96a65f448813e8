package dev.graft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class StrategyFiguresTest {
  private static StrategyRun run(String cell, long seed, String strategy, double accuracy) {
    return new StrategyRun(cell, seed, strategy, strategy + ", linear", accuracy, 12.34);
  }

  @Test
  void parse_line_theRunAgain() {
    StrategyRun run = run("digits-5-photo-small", 3, "head-then-all", 0.875);

    assertThat(StrategyRun.parse(run.line()).line()).isEqualTo(run.line());
    assertThatThrownBy(() -> StrategyRun.parse("a\tb"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected 6 columns, found 2");
  }

  @Test
  void lines_runsOfSeeds_meansOfTheSeedsThatAllRanWithAndOfCompleteCells() {
    StrategyFigures figures =
        new StrategyFigures(
            List.of(
                run("a", 1, "auto", 0.9),
                run("a", 1, "head", 0.8),
                run("a", 2, "head", 0.9),
                run("a", 1, "all", 0.95),
                run("b", 1, "head", 0.5),
                run("b", 2, "head", 0.6)));

    assertThat(figures.lines())
        .containsExactly(
            "| data and backbone | seeds of all | head | all | auto | best by hand |",
            "|---|---|---|---|---|---|",
            "| a | 1 | 80.0 | 95.0 | 90.0 | 95.0 |",
            "| b | 0 | 55.0 | – | – | 55.0 |",
            "| mean of 1 | | 80.0 | 95.0 | 90.0 | 95.0 |");
  }

  @Test
  void lines_nothingByHand_noMean() {
    assertThat(new StrategyFigures(List.of(run("a", 1, "auto", 0.9))).lines())
        .containsExactly(
            "| data and backbone | seeds of all | auto | best by hand |",
            "|---|---|---|---|",
            "| a | 1 | 90.0 | – |");
  }
}

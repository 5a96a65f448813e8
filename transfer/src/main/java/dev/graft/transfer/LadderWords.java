package dev.graft.transfer;

import dev.graft.transfer.ladder.PairedComparison;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What the ladder tells of its rungs.
 *
 * @param blocks of the whole backbone
 */
record LadderWords(int blocks) {
  String name(Strategy strategy) {
    if (strategy instanceof Strategy.HeadThenLastBlocks last) {
      return "the last " + last.blocks() + " of " + blocks + " blocks";
    }
    if (strategy instanceof Strategy.Contrastive) {
      return "pairs of texts, then a head";
    }
    return strategy instanceof Strategy.HeadThenNorms ? "biases and norms" : "all layers";
  }

  static String seconds(double seconds) {
    return seconds < 90
        ? Math.round(seconds) + " s"
        : String.format(Locale.ROOT, "%.0f min", seconds / 60);
  }

  String lacksTime(Strategy strategy, double seconds) {
    return String.format(
        Locale.ROOT,
        "Not tried: %s would take about %s; a longer --budget lets it be tried.",
        name(strategy),
        seconds(seconds));
  }

  String leftOut(List<Strategy> strategies) {
    return "Left out: "
        + strategies.stream().map(this::name).collect(Collectors.joining(", "))
        + "; with more layers the gain grew.";
  }

  String givenUp(Strategy strategy, int folds, String best, PairedComparison pair) {
    String name = name(strategy);
    return String.format(
        Locale.ROOT,
        "%s: given up after the first of %d folds: against %s, %d only it tells right, %d only the"
            + " other; log loss higher by %.3f.",
        Character.toUpperCase(name.charAt(0)) + name.substring(1),
        folds,
        best,
        pair.wins(),
        pair.losses(),
        pair.lossDifference());
  }
}

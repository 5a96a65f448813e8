package dev.graft.transfer.comparison;

import java.util.List;
import java.util.Locale;

/** What a comparison comes to, in plain words. */
final class ComparisonWords {
  private ComparisonWords() {}

  static List<String> verdict(Comparison comparison) {
    return comparison.pairs().isEmpty()
        ? List.of(
            "Which model is better cannot be told: "
                + comparison.source()
                + " The figures below may differ because the examples do.")
        : comparison.pairs().stream().map(pair -> verdict(comparison, pair)).toList();
  }

  private static String verdict(Comparison comparison, PairedResult pair) {
    String first = comparison.models().get(pair.first()).name();
    String second = comparison.models().get(pair.second()).name();
    PairedProportions counts = pair.counts();
    double firstRight = (double) (counts.both() + counts.onlyFirst()) / counts.examples();
    double secondRight = (double) (counts.both() + counts.onlySecond()) / counts.examples();
    return switch (pair.conclusion()) {
      case SECOND_BETTER -> better(second, secondRight, first, firstRight, pair);
      case FIRST_BETTER -> better(first, firstRight, second, secondRight, pair);
      case NOTHING_SHOWN -> nothing(first, firstRight, second, secondRight, pair);
    };
  }

  private static String better(
      String winner, double winnerRight, String loser, double loserRight, PairedResult pair) {
    return winner
        + " is better than "
        + loser
        + ": of the same "
        + count(pair.counts().examples())
        + " it gets "
        + percent(winnerRight)
        + " right, the other "
        + percent(loserRight)
        + evidence(pair)
        + logLoss(pair);
  }

  private static String nothing(
      String first, double firstRight, String second, double secondRight, PairedResult pair) {
    return "No difference in accuracy can be shown between "
        + first
        + " and "
        + second
        + ": of the same "
        + count(pair.counts().examples())
        + " they get "
        + percent(firstRight)
        + " and "
        + percent(secondRight)
        + " right"
        + evidence(pair)
        + " That does not show that they are equal."
        + logLoss(pair);
  }

  /** From the winner's side where there is one, else second minus first. */
  private static String evidence(PairedResult pair) {
    boolean shown = pair.conclusion() != PairedResult.Conclusion.NOTHING_SHOWN;
    DifferenceInterval interval = pair.counts().interval();
    double sign = pair.conclusion() == PairedResult.Conclusion.FIRST_BETTER ? -1 : 1;
    double low = sign > 0 ? interval.low() : -interval.high();
    double high = sign > 0 ? interval.high() : -interval.low();
    return String.format(
        Locale.ROOT,
        " (%s%+.1f points, 95 %% interval %+.1f to %+.1f; exact McNemar test p %s).",
        shown ? "difference " : "the second minus the first: ",
        100 * sign * pair.counts().difference(),
        100 * low,
        100 * high,
        p(pair.p()));
  }

  private static String logLoss(PairedResult pair) {
    PairedMean mean = pair.logLoss();
    if (!mean.interval().excludesZero()) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        " The %s one's probabilities are better: its log loss is lower by %.3f (95 %% interval %.3f"
            + " to %.3f).",
        mean.difference() < 0 ? "second" : "first",
        Math.abs(mean.difference()),
        Math.min(Math.abs(mean.interval().low()), Math.abs(mean.interval().high())),
        Math.max(Math.abs(mean.interval().low()), Math.abs(mean.interval().high())));
  }

  private static String p(double p) {
    return p < 0.001 ? "below 0.001" : String.format(Locale.ROOT, "= %.3f", p);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String count(int examples) {
    return String.format(Locale.ROOT, "%,d test example%s", examples, examples == 1 ? "" : "s");
  }
}

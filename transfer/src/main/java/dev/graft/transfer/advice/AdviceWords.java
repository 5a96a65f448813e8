package dev.graft.transfer.advice;

import dev.graft.transfer.bagofwords.WordsBackbone;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Draws the conclusion from the comparisons and says it. */
final class AdviceWords {
  /** Who leads by more than this and yet does not win was judged by too few examples. */
  private static final double CLEAR_LEAD = 0.05;

  private final List<RatedBackbone> backbones;
  private final List<Baseline> baselines;
  private final Advice.Data data;

  private AdviceWords(Rating rating, Advice.Data data) {
    this.backbones = rating.backbones();
    this.baselines = rating.baselines();
    this.data = data;
  }

  static Advice advice(Rating rating, Advice.Data data, Map<String, Double> seconds, long seed) {
    AdviceWords words = new AdviceWords(rating, data);
    Verdict verdict = words.verdict();
    return new Advice(
        data,
        words.backbones,
        words.baselines,
        verdict,
        words.next(verdict),
        words.headline(verdict),
        new AdviceReasons(words.backbones, data).of(verdict, words.rival(), rating.notTried()),
        seconds,
        seed);
  }

  private String many() {
    return data.kind().many();
  }

  private RatedBackbone best() {
    return backbones.get(0);
  }

  /** The baseline that is hardest to beat: better than the best backbone before as good as it. */
  private Optional<Baseline> rival() {
    Optional<Baseline> better = first(one -> one.toBest().isSecondBetter());
    return better.isPresent()
        ? better
        : baselines.stream()
            .filter(one -> one.toBest().isTie())
            .min(Comparator.comparingDouble(one -> one.toBest().difference()));
  }

  private Optional<Baseline> first(java.util.function.Predicate<Baseline> wanted) {
    return baselines.stream().filter(wanted).findFirst();
  }

  private Baseline majority() {
    return first(one -> one.kind() == Baseline.Kind.MAJORITY).orElseThrow();
  }

  private Verdict verdict() {
    if (first(one -> one.toBest().isSecondBetter()).isPresent()) {
      return Verdict.TRANSFER_LOSES;
    }
    if (!majority().toBest().isFirstBetter()) {
      return majority().toBest().difference() < CLEAR_LEAD
          ? Verdict.NOTHING_LEARNED
          : Verdict.TOO_FEW_EXAMPLES;
    }
    Optional<Baseline> rival = rival();
    if (rival.isEmpty()) {
      return Verdict.TRANSFER_HELPS;
    }
    return rival.get().toBest().difference() < CLEAR_LEAD
        ? Verdict.NO_GAIN_SHOWN
        : Verdict.TRANSFER_SEEMS_TO_HELP;
  }

  private NextStep next(Verdict verdict) {
    NextStep plain = new NextStep(best().name(), NextStep.Weights.PRETRAINED, Optional.empty());
    if (verdict != Verdict.TRANSFER_LOSES) {
      return plain;
    }
    return switch (rival().orElseThrow().kind()) {
      case RANDOM_FEATURES ->
          new NextStep(best().name(), NextStep.Weights.FRESH, Optional.of("head"));
      case FROM_SCRATCH -> new NextStep(best().name(), NextStep.Weights.FRESH, Optional.of("all"));
      case WORDS -> new NextStep(WordsBackbone.ID, NextStep.Weights.PRETRAINED, Optional.empty());
      case PIXELS, MEL_BANDS, MAJORITY ->
          new NextStep(best().name(), NextStep.Weights.PRETRAINED, Optional.of("head-then-all"));
    };
  }

  private String headline(Verdict verdict) {
    String figure = percent(best().score());
    return switch (verdict) {
      case TRANSFER_HELPS -> {
        Baseline strongest = baselines.get(0);
        yield "Transfer makes sense here: start from "
            + best().id()
            + ", whose features have "
            + figure
            + " of the held-out "
            + many()
            + " right. The best without transfer, "
            + strongest.description()
            + ", has "
            + percent(strongest.score())
            + ".";
      }
      case NO_GAIN_SHOWN -> {
        Baseline rival = rival().orElseThrow();
        yield "Transfer shows no gain here: "
            + percentOn(rival)
            + " right with the features of "
            + best().id()
            + ", "
            + percent(rival.score())
            + " with "
            + rival.description()
            + ", which "
            + rival.toBest().examples()
            + " held-out "
            + many()
            + " do not tell apart.";
      }
      case TRANSFER_SEEMS_TO_HELP -> {
        Baseline rival = rival().orElseThrow();
        yield "Transfer seems to make sense here: start from "
            + best().id()
            + ", whose features have "
            + figure
            + " of the held-out "
            + many()
            + " right. Its lead over "
            + rival.description()
            + " ("
            + percentOn(rival)
            + " against "
            + percent(rival.score())
            + " of "
            + rival.toBest().examples()
            + ") may be chance.";
      }
      case TRANSFER_LOSES -> {
        Baseline rival = rival().orElseThrow();
        yield "Frozen features lose here: "
            + rival.description()
            + " has "
            + percent(rival.score())
            + " right, the features of "
            + best().id()
            + " "
            + percentOn(rival)
            + " of the same held-out "
            + many()
            + ".";
      }
      case NOTHING_LEARNED ->
          "Nothing tells these classes apart so far: the features of "
              + best().id()
              + " have "
              + figure
              + " right, "
              + majority().description()
              + " has "
              + percent(majority().score())
              + ".";
      case TOO_FEW_EXAMPLES ->
          data.judged()
              + " "
              + many()
              + " are too few to tell whether transfer helps: the features of "
              + best().id()
              + " have "
              + figure
              + " right, "
              + majority().description()
              + " has "
              + percent(majority().score())
              + ", which may be chance.";
    };
  }

  /** The best backbone's accuracy on the examples that a baseline was judged by. */
  private static String percentOn(Baseline rival) {
    return percent(rival.score().accuracy() + rival.toBest().difference());
  }

  private static String percent(Score score) {
    return percent(score.accuracy());
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}

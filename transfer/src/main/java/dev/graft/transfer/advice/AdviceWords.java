package dev.graft.transfer.advice;

import dev.graft.transfer.SourceTask;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Draws the conclusion from the comparisons and says it. */
final class AdviceWords {
  private static final int FEW_EXAMPLES = 200;
  private static final int MANY_EXAMPLES = 5_000;

  /** Who leads by more than this and yet does not win was judged by too few examples. */
  private static final double CLEAR_LEAD = 0.05;

  /** A tied backbone is pointed out where it is so many times as fast. */
  private static final double MUCH_FASTER = 2;

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
        words.reasons(verdict),
        seconds,
        seed);
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
      case PIXELS, MAJORITY ->
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
            + " of the held-out images right. The best without transfer, "
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
            + " held-out images do not tell apart.";
      }
      case TRANSFER_SEEMS_TO_HELP -> {
        Baseline rival = rival().orElseThrow();
        yield "Transfer seems to make sense here: start from "
            + best().id()
            + ", whose features have "
            + figure
            + " of the held-out images right. Its lead over "
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
            + " of the same held-out images.";
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
              + " images are too few to tell whether transfer helps: the features of "
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

  /** The best backbone's accuracy on the images that a baseline was judged by. */
  private static String percentOn(Baseline rival) {
    return percent(rival.score().accuracy() + rival.toBest().difference());
  }

  private List<String> reasons(Verdict verdict) {
    List<String> reasons = new ArrayList<>();
    tied().ifPresent(reasons::add);
    conclusion(verdict).ifPresent(reasons::add);
    sourceTask().ifPresent(reasons::add);
    reasons.add(strategy());
    if (data.examined() < data.examples()) {
      reasons.add(
          String.format(
              Locale.ROOT,
              "These figures are from a stratified sample of %,d of the %,d training images; with all"
                  + " of them most would be higher.",
              data.examined(),
              data.examples()));
    }
    return reasons;
  }

  private Optional<String> tied() {
    List<RatedBackbone> ties =
        backbones.stream().skip(1).filter(one -> one.toBest().isTie()).toList();
    if (ties.isEmpty()) {
      return Optional.empty();
    }
    String names = ties.stream().map(RatedBackbone::id).collect(Collectors.joining(", "));
    String faster =
        ties.stream()
            .filter(one -> best().millisecondsPerImage() > MUCH_FASTER * one.millisecondsPerImage())
            .map(
                one ->
                    String.format(
                        Locale.ROOT,
                        "%s takes %.1f ms an image instead of %.1f",
                        one.id(),
                        one.millisecondsPerImage(),
                        best().millisecondsPerImage()))
            .collect(Collectors.joining("; "));
    return Optional.of(
        "As far as these images show, "
            + best().id()
            + " is no better than "
            + names
            + (faster.isEmpty() ? "." : ": where speed counts, " + faster + "."));
  }

  private Optional<String> conclusion(Verdict verdict) {
    return switch (verdict) {
      case TRANSFER_HELPS, TRANSFER_SEEMS_TO_HELP -> Optional.empty();
      case TOO_FEW_EXAMPLES ->
          Optional.of(
              "From some twenty images of each class on, the comparison below begins to tell"
                  + " something; until then a pretrained backbone is the safer choice.");
      case NO_GAIN_SHOWN ->
          Optional.of(
              "What the backbone learned is of little use for these images as it is: a backbone that"
                  + " learned from images like them may do better, and so may training its layers"
                  + " (--strategy head-then-all).");
      case TRANSFER_LOSES ->
          Optional.of(
              "What the backbone learned does not fit these images: look for one that learned from"
                  + " images like them, or compare with training its layers (--strategy"
                  + " head-then-all).");
      case NOTHING_LEARNED ->
          Optional.of(
              "Check some labels by eye, whether a person could tell these images apart as small as"
                  + " the network sees them, and whether more examples can be had.");
    };
  }

  /** How much the backbone learned from beside what there is here. */
  private Optional<String> sourceTask() {
    return best()
        .source()
        .map(
            source ->
                String.format(
                    Locale.ROOT,
                    "%s learned from %,d images of %,d classes; you have %,d of %d%s.",
                    best().id(),
                    source.images(),
                    source.classes(),
                    data.examples(),
                    data.trainCounts().size(),
                    ratio(source)));
  }

  private String ratio(SourceTask source) {
    double times = (double) source.images() / data.examples();
    return times >= 2
        ? String.format(Locale.ROOT, ", about %,d times fewer", rounded(times))
        : ", about as many: training from scratch is a serious alternative";
  }

  /** To two digits: more would pretend. */
  private static long rounded(double times) {
    double unit = Math.pow(10, Math.max(0, Math.floor(Math.log10(times)) - 1));
    return Math.round(Math.round(times / unit) * unit);
  }

  private String strategy() {
    int examples = data.examples();
    if (examples < FEW_EXAMPLES) {
      return "With fewer than "
          + FEW_EXAMPLES
          + " training images, a head on the frozen backbone is the sensible strategy: more weights"
          + " would learn these images by heart.";
    }
    return examples < MANY_EXAMPLES
        ? "With some hundred to some thousand training images, begin with a head on the frozen"
            + " backbone; training its layers as well (--strategy head-then-all) can gain more,"
            + " and the held-out images tell."
        : "With as many training images as this, training all layers from the pretrained weights"
            + " (--strategy head-then-all) usually pays, where the time can be spent.";
  }

  private static String percent(Score score) {
    return percent(score.accuracy());
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}

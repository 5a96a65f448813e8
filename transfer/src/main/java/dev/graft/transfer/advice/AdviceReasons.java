package dev.graft.transfer.advice;

import dev.graft.data.DatasetKind;
import dev.graft.transfer.SourceTask;
import dev.graft.transfer.bagofwords.WordsBackbone;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What advice rests on, in sentences. */
final class AdviceReasons {
  private static final int FEW_EXAMPLES = 200;
  private static final int MANY_EXAMPLES = 5_000;

  /** A tied backbone is pointed out where it is so many times as fast. */
  private static final double MUCH_FASTER = 2;

  private final List<RatedBackbone> backbones;
  private final Advice.Data data;

  AdviceReasons(List<RatedBackbone> backbones, Advice.Data data) {
    this.backbones = backbones;
    this.data = data;
  }

  /**
   * The sentences.
   *
   * @param rival the baseline that is hardest to beat, where one is not beaten
   * @param notTried why a comparison is missing
   */
  List<String> of(Verdict verdict, Optional<Baseline> rival, Optional<String> notTried) {
    List<String> reasons = new ArrayList<>();
    tied().ifPresent(reasons::add);
    conclusion(verdict, rival.map(Baseline::kind)).ifPresent(reasons::add);
    sourceTask().ifPresent(reasons::add);
    reasons.add(strategy());
    notTried.ifPresent(reasons::add);
    if (data.examined() < data.examples()) {
      reasons.add(
          String.format(
              Locale.ROOT,
              "These figures are from a stratified sample of %,d of the %,d training %s; with all"
                  + " of them most would be higher.",
              data.examined(),
              data.examples(),
              many()));
    }
    return reasons;
  }

  private String many() {
    return data.kind().many();
  }

  private RatedBackbone best() {
    return backbones.get(0);
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
            .filter(
                one -> best().millisecondsPerExample() > MUCH_FASTER * one.millisecondsPerExample())
            .map(
                one ->
                    String.format(
                        Locale.ROOT,
                        "%s takes %.1f ms for %s instead of %.1f",
                        one.id(),
                        one.millisecondsPerExample(),
                        data.kind().anyOne(),
                        best().millisecondsPerExample()))
            .collect(Collectors.joining("; "));
    return Optional.of(
        "As far as these "
            + many()
            + " show, "
            + best().id()
            + " is no better than "
            + names
            + (faster.isEmpty() ? "." : ": where speed counts, " + faster + "."));
  }

  private Optional<String> conclusion(Verdict verdict, Optional<Baseline.Kind> rival) {
    boolean words = rival.equals(Optional.of(Baseline.Kind.WORDS));
    return switch (verdict) {
      case TRANSFER_HELPS, TRANSFER_SEEMS_TO_HELP -> Optional.empty();
      case TOO_FEW_EXAMPLES ->
          Optional.of(
              "From some twenty "
                  + many()
                  + " of each class on, the comparison below begins to tell something; until then a"
                  + " pretrained backbone is the safer choice.");
      case NO_GAIN_SHOWN ->
          Optional.of(
              "What the backbone learned is of little use for these "
                  + many()
                  + " as it is: a backbone that learned from "
                  + many()
                  + " like them may do better, and so may training its layers (--strategy"
                  + " head-then-all)."
                  + (words
                      ? " --backbone "
                          + WordsBackbone.ID
                          + " makes a model of the words alone, which needs no pretrained network."
                      : ""));
      case TRANSFER_LOSES ->
          Optional.of(
              words
                  ? "What the backbone learned is worth less than the words of these texts: the"
                      + " command makes a model of them. A backbone that learned from texts like them"
                      + " may do better, and so may training its layers (--strategy head-then-all)."
                  : "What the backbone learned does not fit these "
                      + many()
                      + ": look for one that learned from "
                      + many()
                      + " like them, or compare with training its layers (--strategy"
                      + " head-then-all).");
      case NOTHING_LEARNED -> Optional.of(check());
    };
  }

  private String check() {
    return switch (data.kind()) {
          case IMAGE ->
              "Check some labels by eye, whether a person could tell these images apart as small as"
                  + " the network sees them,";
          case AUDIO ->
              "Check some labels by ear, whether a person could tell these recordings apart by the"
                  + " part of them that the network hears,";
          case TEXT -> "Check some labels, whether a person could tell these texts apart,";
        }
        + " and whether more examples can be had.";
  }

  /** How much the backbone learned from beside what there is here. */
  private Optional<String> sourceTask() {
    return best()
        .source()
        .map(
            source ->
                String.format(
                    Locale.ROOT,
                    "%s learned from %,d %s of %,d classes; you have %,d of %d%s.%s",
                    best().id(),
                    source.examples(),
                    many(),
                    source.classes(),
                    data.examples(),
                    data.trainCounts().size(),
                    ratio(source),
                    data.kind() == DatasetKind.TEXT
                        ? " Where yours are among them, its figure is too good."
                        : ""));
  }

  private String ratio(SourceTask source) {
    double times = (double) source.examples() / data.examples();
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
          + " training "
          + many()
          + ", a head on the frozen backbone is the sensible strategy: more weights would learn these "
          + many()
          + " by heart.";
    }
    return examples < MANY_EXAMPLES
        ? "With some hundred to some thousand training "
            + many()
            + ", begin with a head on the frozen backbone; training its layers as well (--strategy"
            + " head-then-all) can gain more, and the held-out "
            + many()
            + " tell."
        : "With as many training "
            + many()
            + " as this, training all layers from the pretrained weights (--strategy head-then-all)"
            + " usually pays, where the time can be spent.";
  }
}

package dev.graft.transfer.evidence;

import dev.graft.data.DatasetKind;
import dev.graft.transfer.evidence.Baseline.Contender.Kind;
import dev.graft.transfer.evidence.CalibrationFindings.PredictionSets;
import dev.graft.transfer.evidence.CalibrationFindings.Reliability;
import dev.graft.transfer.evidence.DataFindings.Cue;
import dev.graft.transfer.evidence.DataFindings.DuplicateGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What was found out beyond the accuracy, in plain sentences. */
final class FindingsWords {

  /** Up to this expected calibration error probabilities are near to what they say. */
  private static final double SMALL_ERROR = 0.05;

  /** Above this one they mislead. */
  private static final double LARGE_ERROR = 0.1;

  /** Below this accuracy another backbone is worth trying. */
  private static final double GOOD_ACCURACY = 0.9;

  /** Parameters of a network from which on a larger one is seldom worth its time. */
  private static final long LARGE_BACKBONE = 10_000_000;

  private FindingsWords() {}

  /** How far probabilities can be believed, in one or two sentences. */
  static String calibration(CalibrationFindings found, ExampleWords words) {
    Reliability last = found.test().orElse(found.after());
    String where = (found.test().isPresent() ? "test " : "held-out ") + words.many();
    String sentence =
        String.format(
            Locale.ROOT,
            "On %s, probabilities are off by %s on average (expected calibration error).",
            where,
            EvidenceWords.percent(last.expectedCalibrationError()));
    return sentence + " " + advice(last.expectedCalibrationError());
  }

  private static String advice(double error) {
    if (error <= SMALL_ERROR) {
      return "They can be taken about as they are.";
    }
    return error <= LARGE_ERROR
        ? "They are a fair guide, not exact."
        : "Do not take them at face value.";
  }

  /** What dividing the logits did. */
  static String temperature(CalibrationFindings found, ExampleWords words) {
    double temperature = found.temperature();
    String direction =
        Math.abs(temperature - 1) < 0.05
            ? "Its probabilities were left about as they were"
            : temperature > 1
                ? "The model was too sure of itself, so its probabilities were softened"
                : "The model was less sure than it could be, so its probabilities were sharpened";
    return String.format(
        Locale.ROOT,
        "%s: logits are divided by %.2f, the temperature, which is part of the saved model. On"
            + " held-out %s the expected calibration error was %s before and is %s after.",
        direction,
        temperature,
        words.many(),
        EvidenceWords.percent(found.before().expectedCalibrationError()),
        EvidenceWords.percent(found.after().expectedCalibrationError()));
  }

  /** What prediction sets promise, and what they held. */
  static String sets(PredictionSets sets, ExampleWords words) {
    String promise =
        String.format(
            Locale.ROOT,
            "Where one answer is not safe enough, take all classes of at least %s: such a set holds"
                + " the true class in %s of %s like these, with %.2f classes on average.",
            EvidenceWords.percent(sets.leastProbability()),
            share(sets.coverage()),
            words.many(),
            sets.meanSize());
    return sets.test()
        .map(
            test ->
                promise
                    + String.format(
                        Locale.ROOT,
                        " On the test %s it held in %s (95 %% interval %s), with %.2f classes on"
                            + " average.",
                        words.many(),
                        EvidenceWords.percent(test.coverage()),
                        EvidenceWords.interval(test.interval()),
                        test.meanSize()))
        .orElse(promise);
  }

  /** A chosen proportion, without a decimal where it has none. */
  static String share(double proportion) {
    return ChartAxis.format(Math.round(1000 * proportion) / 10.0) + " %";
  }

  /** What is reached without the backbone, or with another, and whether the model is better. */
  static String baseline(Baseline baseline, ExampleWords words) {
    return String.format(
        Locale.ROOT,
        "%s has %s of the same %s %s right (95 %% interval %s). %s",
        baseline.contender().meaning(),
        EvidenceWords.percent(baseline.evaluation().accuracy()),
        baseline.part(),
        words.many(),
        EvidenceWords.interval(baseline.evaluation().accuracyInterval()),
        compared(baseline));
  }

  private static String compared(Baseline baseline) {
    boolean other = baseline.contender().kind() == Kind.BACKBONE_OF_SOUND;
    String counts =
        String.format(
            Locale.ROOT,
            "%s only the model tells right, %s only the %s; %s",
            EvidenceWords.count(baseline.onlyModel()),
            EvidenceWords.count(baseline.onlyBaseline()),
            other ? "backbone of sound" : "baseline",
            baseline.pValue() < 0.001
                ? "p < 0.001"
                : String.format(Locale.ROOT, "p = %.3f", baseline.pValue()));
    return switch (baseline.verdict()) {
      case MODEL_IS_BETTER ->
          "The model is better, beyond chance: "
              + counts
              + (other
                  ? ". A backbone of images is the exception for recordings; here it is worth it."
                  : ".");
      case NOT_TOLD_APART ->
          "Nothing proves that the model is better than that ("
              + counts
              + "): "
              + (other
                  ? "a backbone of images, the exception for recordings, shows no gain here."
                  : "what the backbone adds does not show.");
      case BASELINE_IS_BETTER ->
          "That is better than the model, beyond chance ("
              + counts
              + "): "
              + (other
                  ? "as is usual for recordings, a backbone of sound suits them more than one of"
                      + " images."
                  : "this backbone does harm.");
    };
  }

  /** What was found that speaks against taking the figures at face value. */
  static List<String> cautions(TrainingRecord record) {
    Findings findings = record.findings();
    ExampleWords words = ExampleWords.of(record);
    List<String> cautions = new ArrayList<>();
    findings.data().ifPresent(data -> cautions(record, data, words, cautions));
    findings.baselines().stream()
        .filter(found -> found.verdict() != Baseline.Verdict.MODEL_IS_BETTER)
        .forEach(found -> cautions.add(baseline(found, words)));
    findings
        .calibration()
        .filter(
            found -> found.test().orElse(found.after()).expectedCalibrationError() > LARGE_ERROR)
        .ifPresent(found -> cautions.add(calibration(found, words)));
    return cautions;
  }

  private static void cautions(
      TrainingRecord record, DataFindings data, ExampleWords words, List<String> cautions) {
    data.cues().stream().map(Cue::sentence).forEach(cautions::add);
    leaks(record, data, words).ifPresent(cautions::add);
    int suspects = data.suspectLabels().size();
    if (suspects > 0) {
      cautions.add(
          EvidenceWords.count(suspects)
              + (suspects == 1 ? " label is" : " labels are")
              + " likely wrong, which misleads training and evaluation alike.");
    }
  }

  /** Copies that make the figures too good that the report leads with. */
  private static Optional<String> leaks(
      TrainingRecord record, DataFindings data, ExampleWords words) {
    boolean splitsJudge = record.test().isEmpty() && record.data().validationCounts().isEmpty();
    long leaks =
        data.duplicates().stream()
            .filter(
                group ->
                    splitsJudge
                        ? group.acrossSplits()
                        : group.reachesInto(record.test().isPresent() ? "test" : "validation"))
            .count();
    if (leaks == 0) {
      return Optional.empty();
    }
    return Optional.of(
        splitsJudge
            ? groups(leaks, words)
                + (leaks == 1 ? " was" : " were")
                + " not kept together when training split its examples: what was held out may partly"
                + " have been seen in training, so the figures may be somewhat too good."
            : groups(leaks, words)
                + (leaks == 1 ? " lies" : " lie")
                + " in several parts of the data: what was tested on was partly seen in training,"
                + " so the figures are somewhat too good.");
  }

  private static String groups(long count, ExampleWords words) {
    return EvidenceWords.count(count)
        + (count == 1 ? " group" : " groups")
        + " of nearly the same "
        + words.many();
  }

  /** Something to do next. */
  record Step(String sentence, Optional<String> section) {
    private static Step at(String section, String sentence) {
      return new Step(sentence, Optional.of(section));
    }

    private static Step of(String sentence) {
      return new Step(sentence, Optional.empty());
    }
  }

  /** What to do next, what promises most first; never empty. */
  static List<Step> steps(TrainingRecord record) {
    List<Step> steps = new ArrayList<>();
    Findings findings = record.findings();
    ExampleWords words = ExampleWords.of(record);
    if (!EvidenceWords.beatsBaseline(EvidenceWords.best(record))) {
      steps.add(
          Step.of(
              "Check that the labels are right and that the classes can be told apart by "
                  + words.sense()
                  + ", then try another backbone (--backbone), trained on "
                  + words.many()
                  + " more like these."));
    }
    findings.data().ifPresent(data -> dataSteps(data, words, steps));
    backboneOfSound(findings).ifPresent(steps::add);
    countsOfWords(record, words).ifPresent(steps::add);
    largerBackbone(record).ifPresent(steps::add);
    if (record.test().isEmpty()) {
      steps.add(
          Step.of(
              "Put some "
                  + words.many()
                  + " aside in a test/ folder that nothing is chosen by, and train again: only that"
                  + " shows how good the model really is."));
    }
    findings.learningCurve().flatMap(curve -> moreExamples(curve, words)).ifPresent(steps::add);
    if (!findings.mistakes().isEmpty()) {
      steps.add(
          Step.at(
              "mistakes",
              "Look at the mistakes that the model was surest of: they show what confuses it, or a"
                  + " label that is wrong."));
    }
    steps.add(
        Step.of(
            "Try it on "
                + words.many()
                + " of your own, "
                + words.made()
                + " where it will be used: graft evaluate tells how good it is on them."));
    return steps;
  }

  /** Where nothing proves that a backbone of texts is worth it. */
  private static Optional<Step> countsOfWords(TrainingRecord record, ExampleWords words) {
    return record.findings().baselines().stream()
        .filter(found -> words.kind() == DatasetKind.TEXT)
        .filter(found -> found.verdict() != Baseline.Verdict.MODEL_IS_BETTER)
        .map(
            found ->
                Step.of(
                    "Counts of words do "
                        + (found.verdict() == Baseline.Verdict.BASELINE_IS_BETTER
                            ? "better"
                            : "as well")
                        + " here: make a model of them with --backbone graft/words, which needs no"
                        + " pretrained network."))
        .findFirst();
  }

  /** Where nothing proves that a backbone of images is worth it. */
  private static Optional<Step> backboneOfSound(Findings findings) {
    return findings.baselines().stream()
        .filter(found -> found.contender().kind() == Kind.BACKBONE_OF_SOUND)
        .filter(found -> found.verdict() != Baseline.Verdict.MODEL_IS_BETTER)
        .map(
            found ->
                Step.of(
                    "Train with a backbone of sound (--backbone "
                        + found.contender().name()
                        + ", without --as-image)."))
        .findFirst();
  }

  private static Optional<Step> largerBackbone(TrainingRecord record) {
    Evaluation best = EvidenceWords.best(record);
    long parameters = record.backbone().parameters();
    return best.accuracy() >= GOOD_ACCURACY || parameters >= LARGE_BACKBONE
        ? Optional.empty()
        : Optional.of(
            Step.of(
                String.format(
                    Locale.ROOT,
                    "Try a larger backbone (--backbone) that was trained on more: this one has %.1f"
                        + " million parameters.",
                    parameters / 1e6)));
  }

  private static void dataSteps(DataFindings data, ExampleWords words, List<Step> steps) {
    long conflicts = data.duplicates().stream().filter(DuplicateGroup::acrossClasses).count();
    if (!data.suspectLabels().isEmpty() || conflicts > 0) {
      steps.add(
          Step.at(
              "doctor",
              "Look at the labels that are likely wrong"
                  + (conflicts > 0
                      ? " and at nearly the same " + words.many() + " under different labels"
                      : "")
                  + ", correct them and train again."));
    }
    if (!data.cues().isEmpty()) {
      steps.add(
          Step.at(
              "doctor",
              "Collect "
                  + words.many()
                  + " of all classes under the same conditions, or add some that break the pattern:"
                  + " the model may have learned "
                  + String.join(", ", data.cues().stream().map(Cue::name).toList())
                  + " instead of what distinguishes the classes."));
    }
    if (data.duplicates().stream().anyMatch(DuplicateGroup::acrossParts)) {
      steps.add(
          Step.at(
              "doctor",
              "Keep nearly the same "
                  + words.many()
                  + " in one part of the data, so that the test is a test."));
    }
  }

  private static Optional<Step> moreExamples(LearningCurve curve, ExampleWords words) {
    if (curve.points().isEmpty() || curve.forecasts().isEmpty()) {
      return Optional.empty();
    }
    double now = curve.points().get(curve.points().size() - 1).accuracy();
    double then = curve.forecasts().get(curve.forecasts().size() - 1).accuracy();
    // Less than a point is not worth the labelling of as many examples again.
    return then - now < 0.01
        ? Optional.empty()
        : Optional.of(Step.at("curve", "Label more " + words.many() + ". " + curve.sentence()));
  }
}

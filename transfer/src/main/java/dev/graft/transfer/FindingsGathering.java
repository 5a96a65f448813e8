package dev.graft.transfer;

import dev.graft.transfer.doctor.DataDoctor;
import dev.graft.transfer.doctor.ExaminedData;
import dev.graft.transfer.doctor.ExaminedPart;
import dev.graft.transfer.evidence.Findings;
import dev.graft.transfer.evidence.Findings.Mistake;
import dev.graft.transfer.evidence.LearningCurve;
import dev.graft.transfer.evidence.ShownExamples;
import dev.graft.transfer.learningcurve.LearningCurveEstimation;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.FrozenPrefix;
import dev.graft.transfer.training.Validated;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Looks, after training, for what the data and the predictions tell beyond the accuracy. */
final class FindingsGathering {
  private static final int MOST_MISTAKES = 24;

  private final RunContext context;
  private final FrozenPrefix trunk;
  private final int[] groups;
  private final TrainingListener listener;

  FindingsGathering(
      RunContext context, FrozenPrefix trunk, int[] groups, TrainingListener listener) {
    this.context = context;
    this.trunk = trunk;
    this.groups = groups;
    this.listener = listener;
  }

  Findings of(TrainingOutcome outcome) {
    listener.phase("Gathering evidence");
    Findings found =
        new Findings(
            outcome.findings().calibration(),
            Optional.of(DataDoctor.examine(examined(outcome))),
            learningCurve(),
            outcome.findings().ladder(),
            new Baselines(context, groups, listener).of(outcome),
            mistakes(outcome),
            ShownExamples.NONE);
    return ExampleThumbnails.added(found, context.tables());
  }

  private Optional<LearningCurve> learningCurve() {
    ExampleTable train = context.tables().train();
    return LearningCurveEstimation.of(
        trunk.of(train),
        train.labels(),
        groups,
        context.tables().dataset().classes().size(),
        context.settings().seed());
  }

  private ExaminedData examined(TrainingOutcome outcome) {
    ExampleTables tables = context.tables();
    return new ExaminedData(
        tables.dataset().kind(),
        tables.dataset().classes(),
        part("train", tables.train(), Optional.empty()),
        part("validation", tables.validation(), Optional.empty()),
        part("test", tables.test(), Optional.of(outcome.testProbabilities())),
        groups,
        context.settings().seed());
  }

  private ExaminedPart part(String name, ExampleTable table, Optional<float[]> probabilities) {
    return new ExaminedPart(name, table, trunk.of(table), probabilities);
  }

  /** Of the test part, or where there is none, of the held-out examples. */
  private List<Mistake> mistakes(TrainingOutcome outcome) {
    ExampleTable test = context.tables().test();
    return test.size() > 0
        ? mistakes(Validated.ofAll(test.labels(), outcome.testProbabilities(), ""), test, "test")
        : mistakes(outcome.validated(), outcome.validatedTable(), "validation");
  }

  private List<Mistake> mistakes(Validated predicted, ExampleTable table, String part) {
    List<String> classes = context.tables().dataset().classes();
    List<Mistake> mistakes = new ArrayList<>();
    for (int i = 0; i < predicted.labels().length; i++) {
      int best = 0;
      for (int c = 1; c < classes.size(); c++) {
        best = probability(predicted, i, c) > probability(predicted, i, best) ? c : best;
      }
      if (best != predicted.labels()[i]) {
        mistakes.add(
            new Mistake(
                table.examples().get(predicted.rows()[i]).id(),
                classes.get(predicted.labels()[i]),
                classes.get(best),
                probability(predicted, i, best),
                part));
      }
    }
    mistakes.sort(Comparator.comparingDouble(Mistake::probability).reversed());
    return mistakes.subList(0, Math.min(MOST_MISTAKES, mistakes.size()));
  }

  private float probability(Validated predicted, int example, int label) {
    return predicted.probabilities()[example * context.tables().dataset().classes().size() + label];
  }
}

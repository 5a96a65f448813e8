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
            List.of(),
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

  private List<Mistake> mistakes(TrainingOutcome outcome) {
    JudgedExamples judged = JudgedExamples.of(context, outcome);
    return judged.all().stream()
        .filter(one -> !one.isRight())
        .limit(MOST_MISTAKES)
        .map(
            one ->
                new Mistake(
                    one.example().id(),
                    one.example().label(),
                    one.predicted(),
                    one.probability(),
                    judged.part()))
        .toList();
  }
}

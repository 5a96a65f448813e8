package dev.graft.transfer;

import dev.graft.data.Example;
import dev.graft.transfer.baseline.BaselineLearner;
import dev.graft.transfer.evidence.Baseline;
import dev.graft.transfer.evidence.Evaluation;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.Validated;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a baseline reaches on the examples of a run: it learns from the same ones as the model and
 * is judged by those that the model is judged by.
 */
final class BaselineComparison {
  private final ExampleTables tables;
  private final int[] groups;
  private final BaselineLearner learner;
  private final int classes;

  BaselineComparison(ExampleTables tables, int[] groups, BaselineLearner learner) {
    this.tables = tables;
    this.groups = groups;
    this.learner = learner;
    this.classes = tables.dataset().classes().size();
  }

  /** Empty where some examples can no longer be read. */
  Optional<Baseline> with(TrainingOutcome outcome) {
    if (!learner.prepare(List.of(tables.train(), tables.validation(), tables.test())).isEmpty()) {
      return Optional.empty();
    }
    return tables.test().size() > 0 ? Optional.of(onTest(outcome)) : onHeldOut(outcome);
  }

  private Baseline onTest(TrainingOutcome outcome) {
    Optional<ExampleTable> own =
        tables.validation().size() == 0 ? Optional.empty() : Optional.of(tables.validation());
    ExampleTable test = tables.test();
    float[] predictions = learner.predict(tables.train(), groups, own, test);
    return compared(
        "test", Validated.ofAll(test.labels(), predictions, ""), outcome.testProbabilities());
  }

  /** Without a test part, on what was held out of the model's own training. */
  private Optional<Baseline> onHeldOut(TrainingOutcome outcome) {
    Validated model = outcome.validated();
    ExampleTable judged = outcome.validatedTable().rows(model.rows());
    return model.folds() > 1 ? outOfFold(judged, model) : Optional.of(onShare(judged, model));
  }

  private Baseline onShare(ExampleTable judged, Validated model) {
    Set<String> apart = new HashSet<>();
    judged.examples().forEach(example -> apart.add(example.id()));
    ExampleTable train = tables.train();
    int[] rest =
        IntStream.range(0, train.size())
            .filter(row -> !apart.contains(train.examples().get(row).id()))
            .toArray();
    int[] theirGroups = Arrays.stream(rest).map(row -> groups[row]).toArray();
    float[] predictions =
        learner.predict(train.rows(rest), theirGroups, Optional.of(judged), judged);
    return compared(
        "validation", Validated.ofAll(judged.labels(), predictions, ""), model.probabilities());
  }

  /** Both have predictions out of fold; which examples share a fold may differ. */
  private Optional<Baseline> outOfFold(ExampleTable judged, Validated model) {
    ExampleTable train = tables.train();
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < judged.size(); i++) {
      places.put(judged.examples().get(i).id(), i);
    }
    Validated own = learner.heldOut(train, groups);
    int[] common =
        IntStream.range(0, own.rows().length)
            .filter(i -> places.containsKey(predicted(train, own, i).id()))
            .toArray();
    if (common.length == 0) {
      return Optional.empty();
    }
    int[] theirs =
        Arrays.stream(common).map(i -> places.get(predicted(train, own, i).id())).toArray();
    return Optional.of(
        compared(
            "validation",
            new Validated(
                Arrays.stream(common).map(i -> own.rows()[i]).toArray(),
                Arrays.stream(common).map(i -> own.labels()[i]).toArray(),
                chosen(own.probabilities(), common),
                "",
                own.folds()),
            chosen(model.probabilities(), theirs)));
  }

  private static Example predicted(ExampleTable train, Validated predictions, int place) {
    return train.examples().get(predictions.rows()[place]);
  }

  private float[] chosen(float[] probabilities, int[] places) {
    float[] chosen = new float[places.length * classes];
    for (int i = 0; i < places.length; i++) {
      System.arraycopy(probabilities, places[i] * classes, chosen, i * classes, classes);
    }
    return chosen;
  }

  private Baseline compared(String part, Validated own, float[] model) {
    Evaluation evaluation = own.evaluation(tables.dataset().classes());
    return Baseline.of(
        learner.contender(), part, evaluation, own.labels(), own.probabilities(), model);
  }
}

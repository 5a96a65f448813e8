package dev.graft.transfer;

import dev.graft.data.Example;
import dev.graft.data.LeftOut;
import dev.graft.data.Preprocessing;
import dev.graft.engine.Precision;
import dev.graft.onnx.OnnxModel;
import dev.graft.transfer.evidence.Baseline;
import dev.graft.transfer.evidence.Evaluation;
import dev.graft.transfer.training.Activations;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.ExampleViews;
import dev.graft.transfer.training.FrozenPrefix;
import dev.graft.transfer.training.HeadProblem;
import dev.graft.transfer.training.LinearHeadFitting;
import dev.graft.transfer.training.Validated;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a linear head reaches on other features than the model's, of the examples of a run: trained
 * on the same ones and judged by those that the model is judged by.
 */
final class FrozenBaseline {
  private static final String PHASE = "Computing the baseline";
  private static final int BATCH = 16;

  private final RunContext context;
  private final int[] groups;
  private final TrainingListener listener;
  private final Features features;
  private final int classes;

  /**
   * What the head reads.
   *
   * @param contender how it is called
   * @param trunk prepared examples in, [N, width] out
   */
  record Features(
      Baseline.Contender contender, OnnxModel trunk, Preprocessing preprocessing, int width) {}

  FrozenBaseline(RunContext context, int[] groups, TrainingListener listener, Features features) {
    this.context = context;
    this.groups = groups;
    this.listener = listener;
    this.features = features;
    this.classes = context.tables().dataset().classes().size();
  }

  /** Empty where some examples can no longer be read. */
  Optional<Baseline> of(TrainingOutcome outcome) {
    try (FrozenPrefix trunk =
        FrozenPrefix.open(
            features.trunk,
            ExampleViews.plain(features.preprocessing),
            Precision.FP32,
            features.width,
            BATCH,
            context.store().path(),
            listener)) {
      ExampleTables tables = context.tables();
      List<LeftOut> gone = new ArrayList<>();
      for (ExampleTable table : List.of(tables.train(), tables.validation(), tables.test())) {
        gone.addAll(trunk.compute(table, 1, PHASE));
      }
      if (!gone.isEmpty()) {
        return Optional.empty();
      }
      return tables.test().size() > 0 ? onTest(trunk, outcome) : onHeldOut(trunk, outcome);
    }
  }

  private Optional<Baseline> onTest(FrozenPrefix trunk, TrainingOutcome outcome) {
    ExampleTables tables = context.tables();
    Optional<HeadProblem.HeldOut> own =
        tables.validation().size() == 0
            ? Optional.empty()
            : Optional.of(heldOut(trunk, tables.validation()));
    HeadProblem.Fit fit = fit(trunk, tables.train(), groups, own);
    ExampleTable test = tables.test();
    float[] predictions = new HeadOutputs(fit.head(), trunk).probabilities(test);
    return Optional.of(
        compared(
            "test", Validated.ofAll(test.labels(), predictions, ""), outcome.testProbabilities()));
  }

  /** Without a test part, on what was held out of the model's own training. */
  private Optional<Baseline> onHeldOut(FrozenPrefix trunk, TrainingOutcome outcome) {
    Validated model = outcome.validated();
    ExampleTable judged = outcome.validatedTable().rows(model.rows());
    return model.folds() > 1
        ? outOfFold(trunk, judged, model)
        : Optional.of(onShare(trunk, judged, model));
  }

  private Baseline onShare(FrozenPrefix trunk, ExampleTable judged, Validated model) {
    Set<String> apart = new HashSet<>();
    judged.examples().forEach(example -> apart.add(example.id()));
    ExampleTable train = context.tables().train();
    int[] rest =
        IntStream.range(0, train.size())
            .filter(row -> !apart.contains(train.examples().get(row).id()))
            .toArray();
    int[] theirGroups = Arrays.stream(rest).map(row -> groups[row]).toArray();
    HeadProblem.Fit fit =
        fit(trunk, train.rows(rest), theirGroups, Optional.of(heldOut(trunk, judged)));
    return compared("validation", fit.validated(), model.probabilities());
  }

  /** Both have predictions out of fold; which examples share a fold may differ. */
  private Optional<Baseline> outOfFold(FrozenPrefix trunk, ExampleTable judged, Validated model) {
    ExampleTable train = context.tables().train();
    HeadProblem.Fit fit = fit(trunk, train, groups, Optional.empty());
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < judged.size(); i++) {
      places.put(judged.examples().get(i).id(), i);
    }
    Validated own = fit.validated();
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
    Evaluation evaluation = own.evaluation(context.tables().dataset().classes());
    return Baseline.of(
        features.contender, part, evaluation, own.labels(), own.probabilities(), model);
  }

  private HeadProblem.HeldOut heldOut(FrozenPrefix trunk, ExampleTable table) {
    return new HeadProblem.HeldOut(trunk.of(table), table.labels(), "");
  }

  private HeadProblem.Fit fit(
      FrozenPrefix trunk,
      ExampleTable train,
      int[] theirGroups,
      Optional<HeadProblem.HeldOut> heldOut) {
    Activations activations = trunk.of(train);
    return LinearHeadFitting.fit(
        new HeadProblem(
            activations,
            train.labels(),
            1,
            theirGroups,
            heldOut,
            classes,
            new HeadFitting(context, listener).classWeights(),
            context.settings().validationFraction(),
            context.settings().seed()),
        listener);
  }
}

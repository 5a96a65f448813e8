package dev.graft.transfer;

import dev.graft.data.Example;
import dev.graft.data.LeftOut;
import dev.graft.data.audio.AudioPreprocessing;
import dev.graft.engine.Precision;
import dev.graft.onnx.frontend.MelStatistics;
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
 * What a linear head on mean and deviation of mel bands reaches on the recordings of a run: trained
 * on the same ones, in windows of the same length, and judged by those that the model is judged by.
 */
final class MelBaseline {
  static final String NAME = "mel bands";
  private static final String MEANING =
      "Mean and deviation of mel bands over time, without any backbone, with a linear head";

  private static final String PHASE = "Computing the baseline";
  private static final int BATCH = 16;

  private final RunContext context;
  private final int[] groups;
  private final TrainingListener listener;
  private final int classes;

  MelBaseline(RunContext context, int[] groups, TrainingListener listener) {
    this.context = context;
    this.groups = groups;
    this.listener = listener;
    this.classes = context.tables().dataset().classes().size();
  }

  /** Empty where the examples are no recordings, or some can no longer be read. */
  Optional<Baseline> of(TrainingOutcome outcome) {
    if (!(context.backbone().preprocessing() instanceof AudioPreprocessing heard)) {
      return Optional.empty();
    }
    int rate = MelStatistics.frontEnd().rate();
    int samples =
        Math.max(
            MelStatistics.frontEnd().leastSamples(),
            (int) Math.round(heard.windowSeconds() * rate));
    try (FrozenPrefix bands =
        FrozenPrefix.open(
            MelStatistics.model(samples),
            ExampleViews.plain(new AudioPreprocessing(rate, samples)),
            Precision.FP32,
            MelStatistics.width(),
            BATCH,
            context.store().path(),
            listener)) {
      ExampleTables tables = context.tables();
      List<LeftOut> gone = new ArrayList<>();
      for (ExampleTable table : List.of(tables.train(), tables.validation(), tables.test())) {
        gone.addAll(bands.compute(table, 1, PHASE));
      }
      if (!gone.isEmpty()) {
        return Optional.empty();
      }
      return tables.test().size() > 0 ? onTest(bands, outcome) : onHeldOut(bands, outcome);
    }
  }

  private Optional<Baseline> onTest(FrozenPrefix bands, TrainingOutcome outcome) {
    ExampleTables tables = context.tables();
    Optional<HeadProblem.HeldOut> own =
        tables.validation().size() == 0
            ? Optional.empty()
            : Optional.of(heldOut(bands, tables.validation()));
    HeadProblem.Fit fit = fit(bands, tables.train(), groups, own);
    ExampleTable test = tables.test();
    float[] predictions = new HeadOutputs(fit.head(), bands).probabilities(test);
    return Optional.of(
        compared(
            "test", Validated.ofAll(test.labels(), predictions, ""), outcome.testProbabilities()));
  }

  /** Without a test part, on what was held out of the model's own training. */
  private Optional<Baseline> onHeldOut(FrozenPrefix bands, TrainingOutcome outcome) {
    Validated model = outcome.validated();
    ExampleTable judged = outcome.validatedTable().rows(model.rows());
    return model.folds() > 1
        ? outOfFold(bands, judged, model)
        : Optional.of(onShare(bands, judged, model));
  }

  private Baseline onShare(FrozenPrefix bands, ExampleTable judged, Validated model) {
    Set<String> apart = new HashSet<>();
    judged.examples().forEach(example -> apart.add(example.id()));
    ExampleTable train = context.tables().train();
    int[] rest =
        IntStream.range(0, train.size())
            .filter(row -> !apart.contains(train.examples().get(row).id()))
            .toArray();
    int[] theirGroups = Arrays.stream(rest).map(row -> groups[row]).toArray();
    HeadProblem.Fit fit =
        fit(bands, train.rows(rest), theirGroups, Optional.of(heldOut(bands, judged)));
    return compared("validation", fit.validated(), model.probabilities());
  }

  /** Both have predictions out of fold; which examples share a fold may differ. */
  private Optional<Baseline> outOfFold(FrozenPrefix bands, ExampleTable judged, Validated model) {
    ExampleTable train = context.tables().train();
    HeadProblem.Fit fit = fit(bands, train, groups, Optional.empty());
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
    return Baseline.of(NAME, MEANING, part, evaluation, own.labels(), own.probabilities(), model);
  }

  private HeadProblem.HeldOut heldOut(FrozenPrefix bands, ExampleTable table) {
    return new HeadProblem.HeldOut(bands.of(table), table.labels(), "");
  }

  private HeadProblem.Fit fit(
      FrozenPrefix bands,
      ExampleTable train,
      int[] theirGroups,
      Optional<HeadProblem.HeldOut> heldOut) {
    Activations features = bands.of(train);
    return LinearHeadFitting.fit(
        new HeadProblem(
            features,
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

package dev.graft.transfer;

import dev.graft.data.ClassWeights;
import dev.graft.data.Dataset;
import dev.graft.data.DatasetKind;
import dev.graft.data.LeftOut;
import dev.graft.data.NearDuplicates;
import dev.graft.data.Split;
import dev.graft.data.Splitter;
import dev.graft.data.image.Augmentation;
import dev.graft.engine.Precision;
import dev.graft.engine.PrecisionProof;
import dev.graft.transfer.evidence.Findings;
import dev.graft.transfer.training.Activations;
import dev.graft.transfer.training.ClassifierHead;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.FrozenPrefix;
import dev.graft.transfer.training.HeadProblem;
import dev.graft.transfer.training.ImageViews;
import dev.graft.transfer.training.LayeredHeadTraining;
import dev.graft.transfer.training.LinearHeadFitting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One run from a dataset to a trained model; the phases in their order, one screen each. */
final class TransferRun {
  /**
   * Up to so many examples what was held out is worth a second training, on all of them: a fifth
   * more examples shows in the accuracy, and the time is short.
   */
  private static final int MOST_REPEATED_EXAMPLES = 2_000;

  private final Backbone backbone;
  private final TransferSettings settings;
  private final TrainingListener listener;
  private final TransferLearning.Checkpointing checkpointing;
  private final Stopwatch stopwatch = new Stopwatch();
  private final List<String> notes = new ArrayList<>();

  TransferRun(
      Backbone backbone,
      TransferSettings settings,
      TrainingListener listener,
      TransferLearning.Checkpointing checkpointing) {
    this.backbone = backbone;
    this.settings = settings;
    this.listener = listener;
    this.checkpointing = checkpointing;
  }

  TrainedModel fit(Dataset dataset) {
    requireImages(dataset);
    requireBlocks();
    ExampleTables tables =
        ExampleTables.read(dataset, settings.examplesPerClass(), settings.seed(), listener);
    tables.notes().forEach(this::note);
    stopwatch.lap("reading");
    ImageViews plain = new ImageViews(backbone.preprocessing(), Augmentation.none(), 0);
    ViewPlan plan = ViewPlan.choose(settings, tables.train(), plain);
    ImageViews views =
        new ImageViews(backbone.preprocessing(), plan.augmentation(), settings.seed());
    try (StoreFolder store = StoreFolder.of(settings.cache())) {
      PrecisionProof precision = precision(tables.train(), plain, store);
      stopwatch.lap("precision");
      TrainedModel model = fit(tables, plan, views, precision, store);
      listener.note("Trained in " + Math.round(model.record().totalSeconds()) + " s.");
      return model;
    }
  }

  private TrainedModel fit(
      ExampleTables tables,
      ViewPlan plan,
      ImageViews views,
      PrecisionProof precision,
      StoreFolder store) {
    try (FrozenPrefix trunk = openTrunk(views, precision.precision(), store)) {
      Features features = features(tables, trunk, plan);
      trunk.storeWarning().ifPresent(this::note);
      stopwatch.lap("features");
      RunContext context =
          new RunContext(
              backbone,
              settings,
              features.tables(),
              plan,
              views,
              precision,
              store,
              features.tables().hash());
      return settings.strategy().isHeadOnly()
          ? headOnly(context, trunk, features)
          : fineTuned(context, trunk, features);
    }
  }

  private void requireImages(Dataset dataset) {
    if (dataset.kind() != DatasetKind.IMAGE) {
      throw new TransferException(
          TransferException.Cause.DATA,
          "Training "
              + backbone.id()
              + " on "
              + dataset.name()
              + ": the backbone takes images, but the data are "
              + dataset.kind().word()
              + ". Choose a backbone of the same kind as the data.");
    }
  }

  private void requireBlocks() {
    int wanted = settings.strategy().lastBlocks().orElse(0);
    int present = backbone.blocks().size();
    if (wanted > present) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Choosing the strategy "
              + settings.strategy()
              + ": at most as many blocks can train as "
              + backbone.id()
              + " has, which are "
              + present
              + ", but the last "
              + wanted
              + " shall. Take at most "
              + present
              + " (Backbone.blocks() lists them), or a strategy that trains all layers.");
    }
  }

  private void note(String sentence) {
    notes.add(sentence);
    listener.note(sentence);
  }

  private PrecisionProof precision(ExampleTable train, ImageViews plain, StoreFolder store) {
    return switch (settings.precision()) {
      case FP32 -> new PrecisionProof(Precision.FP32, Double.NaN, "fp32: as asked for");
      case BF16 -> new PrecisionProof(Precision.BF16, Double.NaN, "bf16: as asked for");
      case AUTO -> new ProvenPrecision(backbone, plain, store.path()).of(train);
    };
  }

  private FrozenPrefix openTrunk(ImageViews views, Precision precision, StoreFolder store) {
    return FrozenPrefix.open(
        backbone.trunk(),
        views,
        precision,
        backbone.featureWidth(),
        backbone.profile().batchFor(precision),
        store.path(),
        listener);
  }

  /** Tables of what could be decoded, and the near-duplicates among the training examples. */
  private record Features(ExampleTables tables, int[] groups) {}

  private Features features(ExampleTables tables, FrozenPrefix trunk, ViewPlan plan) {
    int trainViews = settings.strategy().beginsWithHead() ? plan.views() : 1;
    List<LeftOut> damaged = new ArrayList<>();
    damaged.addAll(trunk.compute(tables.train(), trainViews, "Computing features"));
    damaged.addAll(trunk.compute(tables.validation(), 1, "Computing validation features"));
    damaged.addAll(trunk.compute(tables.test(), 1, "Computing test features"));
    ExampleTables usable = tables.without(damaged);
    NearDuplicates alike = LikeExamples.find(usable.train(), trunk.of(usable.train()));
    SplitGroups groups =
        SplitGroups.choose(usable.dataset().classes(), usable.train(), alike, usable.validation());
    groups.notes().forEach(this::note);
    return new Features(usable, groups.groups());
  }

  private float[] classWeights(ExampleTables tables) {
    int classes = tables.dataset().classes().size();
    float[] weights = new float[classes];
    Arrays.fill(weights, 1);
    if (settings.classWeighting() == ClassWeighting.BALANCED) {
      double[] balanced = ClassWeights.balanced(tables.train().labels(), classes);
      for (int i = 0; i < classes; i++) {
        weights[i] = (float) balanced[i];
      }
    }
    return weights;
  }

  private TrainedModel headOnly(RunContext context, FrozenPrefix trunk, Features features) {
    ExampleTables tables = context.tables();
    Optional<HeadProblem.HeldOut> own =
        tables.validation().size() == 0
            ? Optional.empty()
            : Optional.of(
                new HeadProblem.HeldOut(
                    trunk.of(tables.validation()),
                    tables.validation().labels(),
                    "the data's own validation part"));
    HeadProblem.Fit fit =
        fitHead(context, trunk.of(tables.train()), tables.train().labels(), features.groups(), own);
    stopwatch.lap("head");
    ExampleTable golden = GoldenChoice.of(tables);
    trunk.compute(golden, 1, "Computing golden examples");
    Outputs outputs = new Outputs(fit.head(), trunk);
    TrainingOutcome outcome =
        new TrainingOutcome(
            fit.head(),
            Map.of(),
            List.of(),
            fit.validated(),
            own.isPresent() ? tables.validation() : tables.train(),
            outputs.probabilities(tables.test()),
            golden,
            outputs.logits(golden),
            fit.candidates(),
            fit.history(),
            Findings.NONE);
    stopwatch.lap("evaluation");
    return ModelMaking.make(context, found(context, outcome, trunk, features), notes, stopwatch);
  }

  private TrainingOutcome found(
      RunContext context, TrainingOutcome outcome, FrozenPrefix trunk, Features features) {
    TrainingOutcome told =
        outcome.with(
            new FindingsGathering(context, trunk, features.groups(), listener).of(outcome));
    stopwatch.lap("evidence");
    return told;
  }

  private HeadProblem.Fit fitHead(
      RunContext context,
      Activations train,
      int[] labels,
      int[] groups,
      Optional<HeadProblem.HeldOut> heldOut) {
    HeadProblem problem =
        new HeadProblem(
            train,
            labels,
            context.plan().views(),
            groups,
            heldOut,
            context.tables().dataset().classes().size(),
            classWeights(context.tables()),
            settings.validationFraction(),
            settings.seed());
    boolean convex =
        settings.head().isLinear()
            && (settings.optimizer() == OptimizerChoice.AUTO
                || settings.optimizer() == OptimizerChoice.LBFGS
                || !settings.strategy().isHeadOnly());
    return convex
        ? LinearHeadFitting.fit(problem, listener)
        : LayeredHeadTraining.fit(
            problem,
            settings.head().hiddenWidths(),
            StepPlan.head(settings, labels.length),
            listener);
  }

  private TrainedModel fineTuned(RunContext context, FrozenPrefix trunk, Features features) {
    ExampleTables tables = context.tables();
    ExampleTable train = tables.train();
    ExampleTable validation = tables.validation();
    String method = "the data's own validation part";
    boolean repeats = tables.validation().size() == 0 && train.size() <= MOST_REPEATED_EXAMPLES;
    int[] fitRows = rowsUpTo(train.size());
    if (validation.size() == 0) {
      Split split =
          Splitter.holdOut(
              train.labels(), features.groups(), settings.validationFraction(), settings.seed());
      validation = train.rows(split.validation());
      fitRows = split.train();
      method =
          Math.round(100 * settings.validationFraction())
              + " % of the training examples, held out, on which training was also stopped"
              + (repeats ? "; the model was then trained again, as long, on all of them" : "");
    }
    UnfrozenTraining.Start start =
        new UnfrozenTraining.Start(
            startingHead(
                context,
                trunk,
                train.rows(fitRows),
                groupsOf(features, fitRows),
                Optional.of(
                    new HeadProblem.HeldOut(trunk.of(validation), validation.labels(), method))),
            train.rows(fitRows));
    Optional<UnfrozenTraining.Start> again =
        repeats
            ? Optional.of(
                new UnfrozenTraining.Start(
                    startingHead(context, trunk, train, features.groups(), Optional.empty()),
                    train))
            : Optional.empty();
    stopwatch.lap("head");
    UnfrozenTraining unfrozen =
        new UnfrozenTraining(context, checkpointing, classWeights(tables), listener);
    TrainingOutcome outcome =
        unfrozen.train(new UnfrozenTraining.Parts(start, validation, method), again);
    stopwatch.lap("training");
    return ModelMaking.make(context, found(context, outcome, trunk, features), notes, stopwatch);
  }

  private ClassifierHead startingHead(
      RunContext context,
      FrozenPrefix trunk,
      ExampleTable fitted,
      int[] groups,
      Optional<HeadProblem.HeldOut> heldOut) {
    return settings.strategy().beginsWithHead()
        ? fitHead(context, trunk.of(fitted), fitted.labels(), groups, heldOut).head()
        : ClassifierHead.create(
            backbone.featureWidth(),
            settings.head().hiddenWidths(),
            context.tables().dataset().classes().size(),
            settings.seed());
  }

  private static int[] groupsOf(Features features, int[] rows) {
    return Arrays.stream(rows).map(row -> features.groups()[row]).toArray();
  }

  private static int[] rowsUpTo(int count) {
    int[] rows = new int[count];
    Arrays.setAll(rows, i -> i);
    return rows;
  }

  /** Outputs of a head on the features of the frozen trunk. */
  private record Outputs(ClassifierHead head, FrozenPrefix trunk) {
    List<float[]> logits(ExampleTable table) {
      Activations activations = trunk.of(table);
      List<float[]> rows = new ArrayList<>();
      float[] features = new float[activations.width()];
      for (int row = 0; row < table.size(); row++) {
        activations.read(row, 0, features);
        rows.add(head.logits(features));
      }
      return rows;
    }

    float[] probabilities(ExampleTable table) {
      int classes = head.classes();
      float[] all = new float[table.size() * classes];
      List<float[]> logits = logits(table);
      for (int row = 0; row < logits.size(); row++) {
        float[] own = dev.graft.transfer.training.Softmax.of(logits.get(row));
        System.arraycopy(own, 0, all, row * classes, classes);
      }
      return all;
    }
  }
}

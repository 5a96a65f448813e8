package dev.graft.transfer;

import dev.graft.data.Dataset;
import dev.graft.data.FixedData;
import dev.graft.data.LeftOut;
import dev.graft.data.NearDuplicates;
import dev.graft.data.Split;
import dev.graft.data.Splitter;
import dev.graft.engine.Precision;
import dev.graft.engine.PrecisionProof;
import dev.graft.transfer.baseline.BaselineTask;
import dev.graft.transfer.evidence.Findings;
import dev.graft.transfer.training.ClassifierHead;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.ExampleViews;
import dev.graft.transfer.training.FoldPredictions;
import dev.graft.transfer.training.FrozenPrefix;
import dev.graft.transfer.training.HeadOutputs;
import dev.graft.transfer.training.HeadProblem;
import dev.graft.transfer.training.Validated;
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

  private final Backbone given;
  private final Optional<Backbone> rival;
  private final TransferSettings settings;
  private final TrainingListener listener;
  private final TransferLearning.Checkpointing checkpointing;
  private final Stopwatch stopwatch = new Stopwatch();
  private final long begun = System.nanoTime();
  private final List<String> notes = new ArrayList<>();

  TransferRun(
      Backbone backbone,
      Optional<Backbone> rival,
      TransferSettings settings,
      TrainingListener listener,
      TransferLearning.Checkpointing checkpointing) {
    this.given = backbone;
    this.rival = rival;
    this.settings = settings;
    this.listener = listener;
    this.checkpointing = checkpointing;
  }

  TrainedModel fit(Dataset dataset) {
    SameKind.require(given, dataset);
    FittingStrategy.require(settings.strategy(), given);
    Dataset used = fixed(dataset);
    used.requireTrainable();
    PredictionMemory.require(used, settings.examplesPerClass(), Runtime.getRuntime().maxMemory());
    ExampleTables tables =
        ExampleTables.read(used, settings.examplesPerClass(), settings.seed(), listener);
    tables.notes().forEach(this::note);
    stopwatch.lap("reading");
    Backbone backbone = suited(tables);
    ExampleViews plain = ExampleViews.plain(backbone.preprocessing());
    ViewPlan plan = ViewPlan.choose(settings, tables.train(), plain);
    ExampleViews views = plan.of(backbone.preprocessing(), settings);
    try (StoreFolder store = StoreFolder.of(settings.cache())) {
      PrecisionProof precision =
          new ProvenPrecision(backbone, plain, store.path())
              .of(tables.train(), settings.precision());
      stopwatch.lap("precision");
      TrainedModel model = fit(backbone, tables, plan, views, precision, store);
      listener.note("Trained in " + Math.round(model.record().totalSeconds()) + " s.");
      return model;
    }
  }

  /** The backbone at the side that suits the images. */
  private Backbone suited(ExampleTables tables) {
    BaselineTask task =
        BaselineTask.ofEvenClasses(
            tables.dataset().classes().size(), settings.validationFraction(), settings.seed());
    ChosenSide sides =
        new ChosenSide(tables, task, settings.precision(), settings.cache(), listener);
    boolean headAlone =
        settings.strategy().isHeadOnly()
            || (settings.strategy() instanceof Strategy.Automatic
                && !LadderClimb.reachesLayers(settings, tables.train().size()));
    ChosenSide.Choice choice = headAlone ? sides.forHead(given) : sides.forTraining(given);
    choice.sentence().ifPresent(this::note);
    if (choice.sentence().isPresent()) {
      stopwatch.lap("input size");
    }
    return choice.backbone();
  }

  private TrainedModel fit(
      Backbone backbone,
      ExampleTables tables,
      ViewPlan plan,
      ExampleViews views,
      PrecisionProof precision,
      StoreFolder store) {
    try (FrozenPrefix trunk = openTrunk(backbone, views, precision.precision(), store)) {
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
              features.tables().hash(),
              rival);
      if (settings.strategy() instanceof Strategy.Automatic) {
        return automatic(context, trunk, features);
      }
      return made(context, asAsked(context, trunk, features), trunk, features);
    }
  }

  private TrainingOutcome asAsked(RunContext context, FrozenPrefix trunk, Features features) {
    if (settings.strategy().isHeadOnly()) {
      return headOnly(context, trunk, features);
    }
    return settings.strategy() instanceof Strategy.Contrastive
        ? contrastive(context, features)
        : fineTuned(context, trunk, features);
  }

  private Dataset fixed(Dataset dataset) {
    if (settings.fixes().isEmpty()) {
      return dataset;
    }
    FixedData changed = settings.fixes().get().applyTo(dataset);
    note(changed.summary());
    return changed.dataset();
  }

  private void note(String sentence) {
    notes.add(sentence);
    listener.note(sentence);
  }

  private FrozenPrefix openTrunk(
      Backbone backbone, ExampleViews views, Precision precision, StoreFolder store) {
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
    trunk
        .views()
        .remarks(List.of(usable.train(), usable.validation(), usable.test()))
        .forEach(this::note);
    NearDuplicates alike =
        LikeExamples.find(usable.dataset().kind(), usable.train(), trunk.of(usable.train()));
    SplitGroups groups =
        SplitGroups.choose(usable.dataset().classes(), usable.train(), alike, usable.validation());
    groups.notes().forEach(this::note);
    return new Features(usable, groups.groups());
  }

  private TrainingOutcome headOnly(RunContext context, FrozenPrefix trunk, Features features) {
    ExampleTables tables = context.tables();
    Optional<HeadProblem.HeldOut> own =
        tables.validation().size() == 0
            ? Optional.empty()
            : Optional.of(
                new HeadProblem.HeldOut(
                    trunk.of(tables.validation()),
                    tables.validation().labels(),
                    ExampleTables.OWN_VALIDATION + alsoChosenByIt(tables.train().size())));
    HeadProblem.Fit fit =
        new HeadFitting(context, listener)
            .fit(trunk.of(tables.train()), tables.train().labels(), features.groups(), own);
    stopwatch.lap("head");
    ExampleTable golden = GoldenChoice.of(tables);
    trunk.compute(golden, 1, "Computing golden examples");
    HeadOutputs outputs = new HeadOutputs(fit.head(), trunk::of);
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
    return outcome;
  }

  private String alsoChosenByIt(int examples) {
    return settings.strategy() instanceof Strategy.Automatic && LadderClimb.tries(examples)
        ? LadderFold.OF_CHOSEN
        : ", by which the head was chosen as well";
  }

  /** Proved on the folds of the ladder, whoever asks for it. */
  private TrainingOutcome contrastive(RunContext context, Features features) {
    checkpointing.begin();
    ContrastiveTraining training = new ContrastiveTraining(context, checkpointing, listener);
    LadderFold.Folds folds = LadderFold.of(context.tables(), settings, features.groups());
    FoldPredictions kept = context.predictions(checkpointing);
    int steps = training.steps(folds, kept, begun);
    Validated validated = training.validated(folds, steps, kept);
    kept.warning().ifPresent(this::note);
    int epochs = training.epochs(context.tables().train(), steps);
    TrainingOutcome outcome = training.train(features.groups(), epochs, validated, folds.table());
    stopwatch.lap("training");
    return outcome;
  }

  /** The strategy is chosen first, and then followed with what its proof found out. */
  private TrainedModel automatic(RunContext context, FrozenPrefix trunk, Features features) {
    checkpointing.begin();
    LadderClimb.Choice choice =
        new LadderClimb(context, trunk, features.groups(), checkpointing, listener, begun).climb();
    stopwatch.lap("choosing the strategy");
    RunContext chosen = context.choosing(choice.strategy(), choice.head());
    if (choice.proved().isEmpty()) {
      return made(chosen, headOnly(chosen, trunk, features), choice, trunk, features);
    }
    if (choice.strategy() instanceof Strategy.Contrastive) {
      UnfrozenTraining.Proved proved = choice.proved().get();
      TrainingOutcome outcome =
          new ContrastiveTraining(chosen, checkpointing, listener)
              .train(features.groups(), proved.epochs(), proved.validated(), proved.table());
      stopwatch.lap("training");
      return made(chosen, outcome, choice, trunk, features);
    }
    ExampleTable train = context.tables().train();
    ClassifierHead head = startingHead(chosen, trunk, train, features.groups());
    stopwatch.lap("head");
    TrainingOutcome outcome =
        new UnfrozenTraining(
                chosen, checkpointing, new HeadFitting(chosen, listener).classWeights(), listener)
            .train(new UnfrozenTraining.Start(head, train), choice.proved().get(), this::note);
    stopwatch.lap("training");
    return made(chosen, outcome, choice, trunk, features);
  }

  private TrainedModel made(
      RunContext context,
      TrainingOutcome outcome,
      LadderClimb.Choice choice,
      FrozenPrefix trunk,
      Features features) {
    return made(context, outcome.climbed(choice.findings()), trunk, features);
  }

  private TrainedModel made(
      RunContext context, TrainingOutcome outcome, FrozenPrefix trunk, Features features) {
    TrainingOutcome calibrated =
        new OutcomeCalibration(context, trunk, features.groups(), listener).of(outcome, this::note);
    stopwatch.lap("calibration");
    Findings findings =
        new FindingsGathering(context, trunk, features.groups(), listener).of(calibrated);
    stopwatch.lap("evidence");
    return ModelMaking.make(context, calibrated.with(findings), notes, stopwatch);
  }

  private TrainingOutcome fineTuned(RunContext context, FrozenPrefix trunk, Features features) {
    ExampleTables tables = context.tables();
    ExampleTable train = tables.train();
    ExampleTable validation = tables.validation();
    String method = ExampleTables.OWN_VALIDATION + ", by which the best epoch was chosen as well";
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
              + " % of the training examples, held out, by which the best epoch was chosen as well"
              + (repeats ? "; the model was then trained again, as long, on all of them" : "");
    }
    UnfrozenTraining.Start start =
        new UnfrozenTraining.Start(
            startingHead(context, trunk, train.rows(fitRows), groupsOf(features, fitRows)),
            train.rows(fitRows));
    Optional<UnfrozenTraining.Start> again =
        repeats
            ? Optional.of(
                new UnfrozenTraining.Start(
                    startingHead(context, trunk, train, features.groups()), train))
            : Optional.empty();
    stopwatch.lap("head");
    UnfrozenTraining unfrozen =
        new UnfrozenTraining(
            context, checkpointing, new HeadFitting(context, listener).classWeights(), listener);
    TrainingOutcome outcome =
        unfrozen.train(new UnfrozenTraining.Parts(start, validation, method), again);
    stopwatch.lap("training");
    return outcome;
  }

  /**
   * Its strength is chosen by folds of the examples that it is fitted to: chosen by those that
   * judge the epochs, it would look better to them than it is, and no epoch might seem to improve
   * on it.
   */
  private ClassifierHead startingHead(
      RunContext context, FrozenPrefix trunk, ExampleTable fitted, int[] groups) {
    return context.settings().strategy().beginsWithHead()
        ? new HeadFitting(context, listener)
            .fit(trunk.of(fitted), fitted.labels(), groups, Optional.empty())
            .head()
        : context.newHead();
  }

  private static int[] groupsOf(Features features, int[] rows) {
    return Arrays.stream(rows).map(row -> features.groups()[row]).toArray();
  }

  private static int[] rowsUpTo(int count) {
    int[] rows = new int[count];
    Arrays.setAll(rows, i -> i);
    return rows;
  }
}

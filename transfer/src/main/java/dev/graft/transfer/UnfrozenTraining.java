package dev.graft.transfer;

import dev.graft.data.ExampleSource;
import dev.graft.engine.FloatTensor;
import dev.graft.engine.Network;
import dev.graft.engine.Precision;
import dev.graft.onnx.Block;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.Trunk;
import dev.graft.transfer.evidence.Findings;
import dev.graft.transfer.evidence.TrainingRecord.Epoch;
import dev.graft.transfer.export.ModelAssembler;
import dev.graft.transfer.training.Checkpoints;
import dev.graft.transfer.training.ClassifierHead;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.FineTuning;
import dev.graft.transfer.training.FineTuningData;
import dev.graft.transfer.training.FrozenPrefix;
import dev.graft.transfer.training.StepSettings;
import dev.graft.transfer.training.Validated;
import dev.graft.transfer.training.WeightOrigin;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Trains layers of the trunk: decides which blocks, where the network is cut, and whether the
 * activations there are stored or images run through at each step.
 */
final class UnfrozenTraining {
  /**
   * Stored activations above this size are not worth their disk; the images run through instead.
   */
  private static final long MOST_STORED_BYTES = 4L << 30;

  private final RunContext context;
  private final TransferLearning.Checkpointing checkpointing;
  private final float[] classWeights;
  private final TrainingListener listener;

  UnfrozenTraining(
      RunContext context,
      TransferLearning.Checkpointing checkpointing,
      float[] classWeights,
      TrainingListener listener) {
    this.context = context;
    this.checkpointing = checkpointing;
    this.classWeights = classWeights;
    this.listener = listener;
  }

  /**
   * Trains.
   *
   * @param parts what trains, and what it is validated on
   * @param again all training examples with a head for them, where training is repeated on them
   */
  TrainingOutcome train(Parts parts, Optional<Start> again) {
    List<Block> blocks = blocksToTrain();
    OnnxModel trunk = context.backbone().trunk();
    Optional<Cut> cut = cut(blocks, parts.start.examples.size() + parts.validation.size());
    if (cut.isEmpty()) {
      StepNetwork live =
          new StepNetwork(
              head -> ModelAssembler.network(trunk, head),
              table -> FineTuning.live(context.views(), table),
              Optional.empty());
      return train(live, blocks, parts, again);
    }
    Cut where = cut.get();
    try (FrozenPrefix prefix = open(where)) {
      int views = context.plan().views();
      prefix.compute(parts.start.examples, views, "Computing activations");
      if (again.isPresent()) {
        prefix.compute(again.get().examples, views, "Computing activations");
      }
      prefix.compute(parts.validation, 1, "Computing validation activations");
      StepNetwork behind =
          new StepNetwork(
              head ->
                  ModelAssembler.behind(
                      ModelAssembler.network(trunk, head), where.boundary, where.rowShape),
              table -> FineTuning.stored(prefix, table, views, where.rowShape),
              Optional.of(prefix));
      return train(behind, blocks, parts, again);
    }
  }

  /**
   * Where a training begins.
   *
   * @param head its weights at the start
   * @param examples what is trained on
   */
  record Start(ClassifierHead head, ExampleTable examples) {}

  /**
   * A training with what it is judged by.
   *
   * @param method how the validation examples were chosen, in words
   */
  record Parts(Start start, ExampleTable validation, String method) {}

  /**
   * What runs at each step: the network for a head, and the batches that it takes.
   *
   * @param prefix what lies before it, where it begins behind the images
   */
  private record StepNetwork(
      Function<ClassifierHead, OnnxModel> graph,
      Function<ExampleTable, FineTuningData> data,
      Optional<FrozenPrefix> prefix) {}

  /** Predictions with the table that their rows number. */
  private record HeldOut(Validated validated, ExampleTable table) {}

  private List<Block> blocksToTrain() {
    List<Block> all = context.backbone().blocks();
    int wanted = context.settings().strategy().lastBlocks().orElse(all.size());
    return all.subList(all.size() - wanted, all.size());
  }

  /** The freeze boundary, and what lies there for one example. */
  private record Cut(String boundary, OnnxModel prefix, long[] rowShape, int width) {}

  private Optional<Cut> cut(List<Block> blocks, int examples) {
    OnnxModel trunk = context.backbone().trunk();
    String boundary = blocks.get(0).inputTensor();
    if (boundary.equals(trunk.graph().inputs().get(0).name())) {
      return Optional.empty();
    }
    OnnxModel prefix = Trunk.cut(trunk, boundary);
    long[] shape = context.views().shape();
    FloatTensor zeros =
        new FloatTensor(new float[context.views().valueCount()], 1, shape[0], shape[1], shape[2]);
    try (Network network = Network.load(prefix, Precision.FP32)) {
      FloatTensor row = network.run(zeros);
      long[] rowShape = java.util.Arrays.copyOfRange(row.shape(), 1, row.shape().length);
      long bytes = 4L * row.width() * examples * context.plan().views();
      return bytes > MOST_STORED_BYTES
          ? Optional.empty()
          : Optional.of(new Cut(boundary, prefix, rowShape, row.width()));
    }
  }

  private FrozenPrefix open(Cut cut) {
    Precision precision = context.precision().precision();
    return FrozenPrefix.open(
        cut.prefix,
        context.views(),
        precision,
        cut.width,
        context.backbone().profile().batchFor(precision),
        context.store().path(),
        listener);
  }

  private TrainingOutcome train(
      StepNetwork network, List<Block> blocks, Parts parts, Optional<Start> again) {
    Start start = parts.start;
    StepSettings all = steps(start.examples);
    // The second training takes no longer than the first.
    StepSettings steps = again.isPresent() ? all.withHalfTheBudget() : all;
    try (FineTuning tuned =
        FineTuning.train(
            subject(network, blocks, start.head),
            network.data.apply(start.examples),
            parts.validation,
            steps,
            continuation(UnaryOperator.identity(), ""),
            listener)) {
      listener.phase("Evaluating");
      Validated validated =
          Validated.ofAll(
              parts.validation.labels(), tuned.probabilities(parts.validation), parts.method);
      HeldOut held = new HeldOut(validated, parts.validation);
      if (again.isEmpty()) {
        return outcome(network, blocks, start.head, tuned, held, tuned.history());
      }
      int epochs = tuned.bestEpochs();
      listener.note(
          epochs == 0
              ? "No epoch predicted the held-out examples better than the weights at the start;"
                  + " the backbone's layers stay as they were."
              : "The held-out examples were predicted best after "
                  + epochs
                  + " epochs; training again so long on all "
                  + again.get().examples.size()
                  + " examples.");
      try (FineTuning last =
          FineTuning.trainAgain(
              subject(network, blocks, again.get().head),
              network.data.apply(again.get().examples),
              epochs,
              steps,
              continuation(Checkpoints::ofTrainingAgain, "|again " + epochs),
              listener)) {
        listener.phase("Evaluating");
        return outcome(network, blocks, again.get().head, last, held, tuned.history());
      }
    }
  }

  private StepSettings steps(ExampleTable examples) {
    return StepPlan.unfrozen(
        context.settings(), examples.size(), context.precision().precision(), origin());
  }

  private WeightOrigin origin() {
    return context.backbone().isFresh() ? WeightOrigin.FRESH : WeightOrigin.PRETRAINED;
  }

  private FineTuning.Subject subject(StepNetwork network, List<Block> blocks, ClassifierHead head) {
    return new FineTuning.Subject(
        network.graph.apply(head),
        blocks,
        head.layers().size(),
        origin(),
        head.classes(),
        classWeights);
  }

  private TrainingOutcome outcome(
      StepNetwork network,
      List<Block> blocks,
      ClassifierHead head,
      FineTuning tuned,
      HeldOut held,
      List<Epoch> history) {
    ExampleTables tables = context.tables();
    ExampleTable golden = GoldenChoice.of(tables);
    network.prefix.ifPresent(p -> p.compute(tables.test(), 1, "Computing test activations"));
    network.prefix.ifPresent(p -> p.compute(golden, 1, "Computing golden examples"));
    return new TrainingOutcome(
        head,
        tuned.weights(),
        names(blocks),
        held.validated,
        held.table,
        tuned.probabilities(tables.test()),
        golden,
        tuned.logits(golden),
        List.of(),
        history,
        Findings.NONE);
  }

  private static List<String> names(List<Block> blocks) {
    List<String> names = new ArrayList<>();
    blocks.forEach(block -> names.add(block.name()));
    return names;
  }

  private Optional<FineTuning.Continuation> continuation(UnaryOperator<Path> place, String course) {
    return checkpointing
        .folder()
        .map(
            folder ->
                new FineTuning.Continuation(
                    place.apply(folder),
                    fingerprint() + course,
                    checkpointing.resume(),
                    checkpointing.interval()));
  }

  /** Changes with everything that decides the course of training. */
  private String fingerprint() {
    TransferSettings settings = context.settings();
    String text =
        String.join(
            "|",
            context.dataHash(),
            context.backbone().trunk().sha256(),
            context.views().preprocessing().hash(),
            context.precision().precision().name(),
            context.plan().toString(),
            settings.toBuilder().cache(Optional.empty()).command("").build().toString());
    return ExampleSource.hash(text.getBytes(StandardCharsets.UTF_8));
  }
}

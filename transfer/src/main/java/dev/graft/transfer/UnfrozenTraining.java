package dev.graft.transfer;

import dev.graft.data.ExampleSource;
import dev.graft.engine.FloatTensor;
import dev.graft.engine.Network;
import dev.graft.engine.NormStatistics;
import dev.graft.engine.Precision;
import dev.graft.onnx.Block;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.Trunk;
import dev.graft.transfer.export.ModelAssembler;
import dev.graft.transfer.training.ClassifierHead;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.FineTuning;
import dev.graft.transfer.training.FineTuningData;
import dev.graft.transfer.training.FrozenPrefix;
import dev.graft.transfer.training.StepSettings;
import dev.graft.transfer.training.Validated;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

  TrainingOutcome train(
      ClassifierHead head, ExampleTable train, ExampleTable validation, String method) {
    List<Block> blocks = blocksToTrain();
    OnnxModel network = ModelAssembler.network(context.backbone().trunk(), head);
    Optional<Cut> cut = cut(blocks, train.size() + validation.size());
    if (cut.isEmpty()) {
      return train(
          network,
          head,
          blocks,
          FineTuning.live(context.views(), train),
          train,
          validation,
          method,
          Optional.empty());
    }
    try (FrozenPrefix prefix = open(cut.get())) {
      prefix.compute(train, context.plan().views(), "Computing activations");
      prefix.compute(validation, 1, "Computing validation activations");
      FineTuningData data =
          FineTuning.stored(prefix, train, context.plan().views(), cut.get().rowShape);
      OnnxModel behind = ModelAssembler.behind(network, cut.get().boundary, cut.get().rowShape);
      return train(behind, head, blocks, data, train, validation, method, Optional.of(prefix));
    }
  }

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
      OnnxModel network,
      ClassifierHead head,
      List<Block> blocks,
      FineTuningData data,
      ExampleTable train,
      ExampleTable validation,
      String method,
      Optional<FrozenPrefix> prefix) {
    StepSettings steps =
        StepPlan.unfrozen(context.settings(), train.size(), context.precision().precision());
    NormStatistics statistics =
        context.backbone().isFresh() ? NormStatistics.BATCH : NormStatistics.FROZEN;
    FineTuning.Subject subject =
        new FineTuning.Subject(
            network, blocks, head.layers().size(), statistics, head.classes(), classWeights);
    ExampleTables tables = context.tables();
    ExampleTable golden = GoldenChoice.of(tables);
    try (FineTuning tuned =
        FineTuning.train(subject, data, validation, steps, continuation(), listener)) {
      listener.phase("Evaluating");
      prefix.ifPresent(frozen -> frozen.compute(tables.test(), 1, "Computing test activations"));
      prefix.ifPresent(frozen -> frozen.compute(golden, 1, "Computing golden examples"));
      return new TrainingOutcome(
          head,
          tuned.weights(),
          names(blocks),
          new Validated(validation.labels(), tuned.probabilities(validation), method),
          tuned.probabilities(tables.test()),
          golden,
          tuned.logits(golden),
          List.of(),
          tuned.history());
    }
  }

  private static List<String> names(List<Block> blocks) {
    List<String> names = new ArrayList<>();
    blocks.forEach(block -> names.add(block.name()));
    return names;
  }

  private Optional<FineTuning.Continuation> continuation() {
    return checkpointing
        .folder()
        .map(
            folder ->
                new FineTuning.Continuation(
                    folder, fingerprint(), checkpointing.resume(), checkpointing.interval()));
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

package dev.graft.transfer;

import dev.graft.engine.FloatTensor;
import dev.graft.engine.Network;
import dev.graft.engine.Precision;
import dev.graft.onnx.Block;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.TextTensors;
import dev.graft.onnx.Trunk;
import dev.graft.transfer.export.ModelAssembler;
import dev.graft.transfer.training.ClassifierHead;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.FineTuning;
import dev.graft.transfer.training.FineTuningData;
import dev.graft.transfer.training.FrozenPrefix;
import dev.graft.transfer.training.TrainedParameters;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The part of the network that trains, and what it takes at each step: activations at the freeze
 * boundary, computed once and stored, or images, where nothing lies before it or the activations
 * would need too much room.
 */
final class TrainedPart implements AutoCloseable {
  /**
   * Stored activations above this size are not worth their disk; the images run through instead.
   */
  private static final long MOST_STORED_BYTES = 4L << 30;

  private final RunContext context;
  private final List<Block> blocks;
  private final TrainedParameters parameters;
  private final Optional<Boundary> boundary;

  private TrainedPart(
      RunContext context,
      List<Block> blocks,
      TrainedParameters parameters,
      Optional<Boundary> boundary) {
    this.context = context;
    this.blocks = blocks;
    this.parameters = parameters;
    this.boundary = boundary;
  }

  /** A freeze boundary with the store of its activations. */
  private record Boundary(String tensor, long[] rowShape, FrozenPrefix prefix) {}

  /**
   * Opens what a strategy trains; the caller closes it.
   *
   * @param examples how many may have to be stored
   */
  static TrainedPart open(
      RunContext context, Strategy strategy, int examples, TrainingListener listener) {
    List<Block> all = context.backbone().blocks();
    int wanted = strategy.lastBlocks().orElse(all.size());
    List<Block> blocks = all.subList(all.size() - wanted, all.size());
    TrainedParameters parameters =
        strategy instanceof Strategy.HeadThenNorms
            ? TrainedParameters.NORMS_AND_BIASES
            : TrainedParameters.ALL;
    return new TrainedPart(
        context, blocks, parameters, boundary(context, blocks, examples, listener));
  }

  private static Optional<Boundary> boundary(
      RunContext context, List<Block> blocks, int examples, TrainingListener listener) {
    OnnxModel trunk = context.backbone().trunk();
    String tensor = blocks.get(0).inputTensor();
    if (tensor.equals(trunk.graph().inputs().get(0).name()) || TextTensors.isText(trunk.graph())) {
      // What follows in a network of text needs the mask as well, and texts differ in length.
      return Optional.empty();
    }
    OnnxModel before = Trunk.cut(trunk, tensor);
    FloatTensor zeros = context.views().batch(new float[context.views().valueCount()], 1);
    FloatTensor row;
    try (Network network = Network.load(before, Precision.FP32)) {
      row = network.run(zeros);
    }
    if (4L * row.width() * examples * context.plan().views() > MOST_STORED_BYTES) {
      return Optional.empty();
    }
    Precision precision = context.precision().precision();
    FrozenPrefix prefix =
        FrozenPrefix.open(
            before,
            context.views(),
            precision,
            row.width(),
            context.backbone().profile().batchFor(precision),
            context.store().path(),
            listener);
    return Optional.of(
        new Boundary(tensor, Arrays.copyOfRange(row.shape(), 1, row.shape().length), prefix));
  }

  /** Makes sure that training examples can be read in all their views. */
  void prepareTraining(ExampleTable table) {
    boundary.ifPresent(
        b -> b.prefix.compute(table, context.plan().views(), "Computing activations"));
  }

  /** Makes sure that examples can be read as they are. */
  void prepare(ExampleTable table, String phase) {
    boundary.ifPresent(b -> b.prefix.compute(table, 1, phase));
  }

  /** The network to train with a head on it. */
  FineTuning.Subject subject(ClassifierHead head, float[] classWeights) {
    OnnxModel whole = ModelAssembler.network(context.backbone().trunk(), head);
    OnnxModel network =
        boundary.map(b -> ModelAssembler.behind(whole, b.tensor, b.rowShape)).orElse(whole);
    return new FineTuning.Subject(
        network,
        blocks,
        head.layers().size(),
        parameters,
        context.weightOrigin(),
        context.backbone().freshBlocks(),
        head.classes(),
        FineTuning.classification(classWeights));
  }

  /** What the steps on these examples read; they were {@linkplain #prepareTraining prepared}. */
  FineTuningData data(ExampleTable train) {
    return boundary
        .map(b -> FineTuning.stored(b.prefix, train, context.plan().views(), b.rowShape))
        .orElseGet(() -> FineTuning.live(context.views(), train));
  }

  /** Names of the blocks that train. */
  List<String> blockNames() {
    return blocks.stream().map(Block::name).toList();
  }

  @Override
  public void close() {
    boundary.ifPresent(b -> b.prefix.close());
  }
}

package dev.graft.cli;

import dev.graft.data.DatasetKind;
import dev.graft.data.audio.BackgroundSounds;
import dev.graft.engine.ActivationMemory;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.ClassWeighting;
import dev.graft.transfer.HeadArchitecture;
import dev.graft.transfer.OptimizerChoice;
import dev.graft.transfer.PrecisionChoice;
import dev.graft.transfer.Strategy;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.TransferLearning;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code train} about what trains and how; what is not given is left to Graft. */
final class TrainingChoices {
  @Option(
      names = "--strategy",
      paramLabel = "STRATEGY",
      description =
          "What trains: auto (as much as cross-validation proves to be worth it), head, last:K (the"
              + " last K blocks, see inspect), all, head-then-all, head-then-last:K,"
              + " head-then-norms (biases and norms), contrastive (few texts a class: pairs of them"
              + " first, then a head) (default: auto).")
  private @Nullable Strategy strategy;

  @Option(
      names = "--head",
      paramLabel = "LAYERS",
      description = "The new head: linear, or hidden widths such as 256,64 (default: linear).")
  private @Nullable HeadArchitecture head;

  @Option(
      names = "--views",
      paramLabel = "N",
      description = "Views of each example, the plain one included (default: chosen for the data).")
  private @Nullable Integer views;

  @Option(
      names = "--augment",
      paramLabel = "LIST",
      description =
          "How views differ: none, standard, light, or a list such as"
              + " flip,crop=0.6,rotate=10,translate=0.1,jitter=0.2,erase=0.25; of recordings,"
              + " noise=5..20,room=0.5,gain=6,shift=0.1,pitch=2,speed=0.1,mask=0.1.")
  private @Nullable AugmentationChoice augmentation;

  @Option(
      names = "--background",
      paramLabel = "FOLDER",
      description =
          "Recordings of places like those where the model will listen; views of recordings are"
              + " mixed with them.")
  private @Nullable Path background;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      description = "auto, sgd, adam, adamw or lbfgs (default: auto).")
  private @Nullable OptimizerChoice optimizer;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description = "Base learning rate (default: fits the optimizer).")
  private @Nullable Double learningRate;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Most passes over the training examples (default: fits the data).")
  private @Nullable Integer epochs;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Examples in a step (default: fits the data).")
  private @Nullable Integer batchSize;

  @Option(
      names = "--micro-batch",
      paramLabel = "N",
      description =
          "Most examples of a step in the network at once: less memory, the same step"
              + " (default: as is fastest).")
  private @Nullable Integer microBatch;

  @Option(
      names = "--activations",
      paramLabel = "kept|recomputed",
      description =
          "recomputed: a step keeps few activations and computes the others again: less memory,"
              + " more time (default: kept).")
  private @Nullable ActivationMemory activations;

  @Option(
      names = "--class-weights",
      paramLabel = "none|balanced",
      description = "balanced: each class counts alike, however rare (default: none).")
  private @Nullable ClassWeighting classWeights;

  @Option(
      names = "--precision",
      paramLabel = "auto|fp32|bf16",
      description = "Number format; auto proves bf16 on some examples first (default: auto).")
  private @Nullable PrecisionChoice precision;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of everything random (default: 42).")
  private @Nullable Long seed;

  @Option(
      names = "--coverage",
      paramLabel = "SHARE",
      description =
          "How often the set of classes that predict shows shall hold the true one"
              + " (default: 0.9).")
  private @Nullable Double coverage;

  @Option(
      names = "--budget",
      paramLabel = "TIME",
      description =
          "Begin no further epoch after 90s, 10m, 1h30m; with --strategy auto, the time for the"
              + " whole run (default for auto: 40 s beyond the features, and 0.25 s more for each"
              + " example above 200, at most 30 minutes).")
  private @Nullable Duration budget;

  long seedOr(long otherwise) {
    return seed == null ? otherwise : seed;
  }

  /**
   * Checks that the backbone has as many blocks as shall train.
   *
   * @throws TransferException if it has fewer
   */
  void requireBlocksOf(Backbone backbone) {
    int wanted = strategy == null ? 0 : strategy.lastBlocks().orElse(0);
    int present = backbone.blocks().size();
    if (wanted > present) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Choosing the strategy: the last "
              + wanted
              + " blocks shall train, but "
              + backbone.id()
              + " has "
              + Wording.count(present, "block")
              + ". Take at most as many (see graft inspect), or --strategy all.");
    }
  }

  TransferLearning applyTo(TransferLearning learning, DatasetKind kind) {
    TransferLearning chosen = learning;
    chosen = strategy == null ? chosen : chosen.strategy(strategy);
    chosen = head == null ? chosen : chosen.head(head);
    chosen = views == null ? chosen : chosen.views(views);
    chosen = augmentation == null ? chosen : chosen.augmentation(augmentation.of(kind));
    chosen = background == null ? chosen : chosen.background(BackgroundSounds.in(background));
    chosen = optimizer == null ? chosen : chosen.optimizer(optimizer);
    chosen = learningRate == null ? chosen : chosen.learningRate(learningRate);
    chosen = epochs == null ? chosen : chosen.epochs(epochs);
    chosen = batchSize == null ? chosen : chosen.batchSize(batchSize);
    chosen = microBatch == null ? chosen : chosen.microBatch(microBatch);
    chosen = activations == null ? chosen : chosen.activations(activations);
    chosen = classWeights == null ? chosen : chosen.classWeights(classWeights);
    chosen = precision == null ? chosen : chosen.precision(precision);
    chosen = seed == null ? chosen : chosen.seed(seed);
    chosen = coverage == null ? chosen : chosen.coverage(coverage);
    return budget == null ? chosen : chosen.budget(budget);
  }
}

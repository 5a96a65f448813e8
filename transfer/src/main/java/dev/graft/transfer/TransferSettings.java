package dev.graft.transfer;

import dev.graft.data.DataFixes;
import dev.graft.data.ExampleAugmentation;
import dev.graft.data.audio.BackgroundSounds;
import dev.graft.engine.ActivationMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Every setting of a run, checked once. Empty means: chosen for the data.
 *
 * @param head the new head
 * @param strategy which layers train
 * @param views views of each training example: the plain one and augmented ones
 * @param augmentation how augmented views are made
 * @param optimizer for layers that are trained by steps
 * @param learningRate base rate, above 0
 * @param epochs most passes over the training examples
 * @param batchSize examples per step
 * @param microBatch most examples of a step that pass through the network at once
 * @param activations what becomes of the activations of a step
 * @param classWeighting how the loss weighs classes
 * @param precision how the number format is chosen
 * @param seed of everything random
 * @param examplesPerClass a sample of so many training examples of each class; empty for all
 * @param validationFraction share of the training examples held out where the data bring no
 *     validation part, in (0, 0.5]
 * @param coverage probability with which a prediction set shall hold the true class, in (0, 1)
 * @param budget time after which no further epoch begins; of an automatic choice, the time for all
 * @param cache folder of the feature store; empty for no store
 * @param command the command line, for provenance
 * @param fixes what is relabelled and dropped before training; empty where nobody gave any
 * @param background sounds that augmented views of recordings are mixed with
 */
record TransferSettings(
    HeadArchitecture head,
    Strategy strategy,
    OptionalInt views,
    Optional<ExampleAugmentation> augmentation,
    OptimizerChoice optimizer,
    OptionalDouble learningRate,
    OptionalInt epochs,
    OptionalInt batchSize,
    OptionalInt microBatch,
    ActivationMemory activations,
    ClassWeighting classWeighting,
    PrecisionChoice precision,
    long seed,
    OptionalInt examplesPerClass,
    double validationFraction,
    double coverage,
    Optional<Duration> budget,
    Optional<Path> cache,
    String command,
    Optional<DataFixes> fixes,
    Optional<BackgroundSounds> background) {
  TransferSettings {
    requireRange("views", views, 64);
    requireRange("epochs", epochs, 100_000);
    requireRange("batch size", batchSize, 65_536);
    requireRange("micro-batch", microBatch, 65_536);
    requireRange("examples per class", examplesPerClass, Integer.MAX_VALUE);
    if (learningRate.isPresent()
        && !(learningRate.getAsDouble() > 0 && learningRate.getAsDouble() <= 100)) {
      throw invalid("learning rate", "above 0 and at most 100", learningRate.getAsDouble());
    }
    if (!(validationFraction > 0 && validationFraction <= 0.5)) {
      throw invalid("validation fraction", "above 0 and at most 0.5", validationFraction);
    }
    if (!(coverage > 0 && coverage < 1)) {
      throw invalid("coverage", "above 0 and below 1, such as 0.9", coverage);
    }
    if (budget.isPresent() && (budget.get().isNegative() || budget.get().isZero())) {
      throw invalid("budget", "above zero", budget.get());
    }
    boolean steps = !(strategy.isHeadOnly() || strategy instanceof Strategy.Automatic);
    if (optimizer == OptimizerChoice.LBFGS && steps) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Choosing the optimizer: L-BFGS needs all examples in one step and is for --strategy head;"
              + " with "
              + strategy
              + " take sgd, adam or adamw.");
    }
  }

  static TransferSettings defaults() {
    return new TransferSettings(
        HeadArchitecture.linear(),
        new Strategy.Automatic(),
        OptionalInt.empty(),
        Optional.empty(),
        OptimizerChoice.AUTO,
        OptionalDouble.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        ActivationMemory.KEPT,
        ClassWeighting.NONE,
        PrecisionChoice.AUTO,
        42,
        OptionalInt.empty(),
        0.2,
        0.9,
        Optional.empty(),
        Optional.of(CacheFolder.standard()),
        "",
        Optional.empty(),
        Optional.empty());
  }

  private static void requireRange(String name, OptionalInt value, int most) {
    if (value.isPresent() && (value.getAsInt() < 1 || value.getAsInt() > most)) {
      throw invalid(name, "from 1 to " + most, value.getAsInt());
    }
  }

  private static TransferException invalid(String name, String range, Object found) {
    return new TransferException(
        TransferException.Cause.SETTINGS,
        "Checking the settings: the " + name + " must be " + range + ", found " + found + ".");
  }

  /** A builder that begins with these settings. */
  Builder toBuilder() {
    return new Builder(this);
  }

  /** Collects changed settings; {@link #build} checks them. */
  static final class Builder {
    private HeadArchitecture head;
    private Strategy strategy;
    private OptionalInt views;
    private Optional<ExampleAugmentation> augmentation;
    private OptimizerChoice optimizer;
    private OptionalDouble learningRate;
    private OptionalInt epochs;
    private OptionalInt batchSize;
    private OptionalInt microBatch;
    private ActivationMemory activations;
    private ClassWeighting classWeighting;
    private PrecisionChoice precision;
    private long seed;
    private OptionalInt examplesPerClass;
    private double validationFraction;
    private double coverage;
    private Optional<Duration> budget;
    private Optional<Path> cache;
    private String command;
    private Optional<DataFixes> fixes;
    private Optional<BackgroundSounds> background;

    private Builder(TransferSettings from) {
      head = from.head;
      strategy = from.strategy;
      views = from.views;
      augmentation = from.augmentation;
      optimizer = from.optimizer;
      learningRate = from.learningRate;
      epochs = from.epochs;
      batchSize = from.batchSize;
      microBatch = from.microBatch;
      activations = from.activations;
      classWeighting = from.classWeighting;
      precision = from.precision;
      seed = from.seed;
      examplesPerClass = from.examplesPerClass;
      validationFraction = from.validationFraction;
      coverage = from.coverage;
      budget = from.budget;
      cache = from.cache;
      command = from.command;
      fixes = from.fixes;
      background = from.background;
    }

    Builder head(HeadArchitecture value) {
      head = value;
      return this;
    }

    Builder strategy(Strategy value) {
      strategy = value;
      return this;
    }

    Builder views(OptionalInt value) {
      views = value;
      return this;
    }

    Builder augmentation(Optional<ExampleAugmentation> value) {
      augmentation = value;
      return this;
    }

    Builder optimizer(OptimizerChoice value) {
      optimizer = value;
      return this;
    }

    Builder learningRate(OptionalDouble value) {
      learningRate = value;
      return this;
    }

    Builder epochs(OptionalInt value) {
      epochs = value;
      return this;
    }

    Builder batchSize(OptionalInt value) {
      batchSize = value;
      return this;
    }

    Builder microBatch(OptionalInt value) {
      microBatch = value;
      return this;
    }

    Builder activations(ActivationMemory value) {
      activations = value;
      return this;
    }

    Builder classWeighting(ClassWeighting value) {
      classWeighting = value;
      return this;
    }

    Builder precision(PrecisionChoice value) {
      precision = value;
      return this;
    }

    Builder seed(long value) {
      seed = value;
      return this;
    }

    Builder examplesPerClass(OptionalInt value) {
      examplesPerClass = value;
      return this;
    }

    Builder validationFraction(double value) {
      validationFraction = value;
      return this;
    }

    Builder coverage(double value) {
      coverage = value;
      return this;
    }

    Builder budget(Optional<Duration> value) {
      budget = value;
      return this;
    }

    Builder cache(Optional<Path> value) {
      cache = value;
      return this;
    }

    Builder command(String value) {
      command = value;
      return this;
    }

    Builder background(BackgroundSounds value) {
      background = Optional.of(value);
      return this;
    }

    Builder fixes(Optional<DataFixes> value) {
      fixes = value;
      return this;
    }

    TransferSettings build() {
      return new TransferSettings(
          head,
          strategy,
          views,
          augmentation,
          optimizer,
          learningRate,
          epochs,
          batchSize,
          microBatch,
          activations,
          classWeighting,
          precision,
          seed,
          examplesPerClass,
          validationFraction,
          coverage,
          budget,
          cache,
          command,
          fixes,
          background);
    }
  }
}

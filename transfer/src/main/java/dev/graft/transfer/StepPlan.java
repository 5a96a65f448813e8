package dev.graft.transfer;

import dev.graft.engine.BatchPasses;
import dev.graft.engine.OptimizerSettings;
import dev.graft.engine.Precision;
import dev.graft.onnx.Graph;
import dev.graft.onnx.TextTensors;
import dev.graft.transfer.training.StepSettings;

/** Rates, epochs and batch sizes for what is trained by steps, where they are not said. */
final class StepPlan {
  /** Steps of fine-tuning below 20,000 examples (BiT-HyperRule, Kolesnikov et al. 2020). */
  private static final int FINE_TUNING_STEPS = 500;

  private static final int FEWEST_EPOCHS = 5;
  private static final int MOST_EPOCHS = 60;
  private static final int SMALL_SET = 500;

  /** A fresh head needs so many steps to be trained, however few the examples are. */
  private static final int HEAD_STEPS = 1_000;

  private static final int FEWEST_HEAD_EPOCHS = 60;
  private static final int FEWEST_HEAD_PATIENCE = 8;
  private static final double MOMENTUM = 0.9;

  private static final double TRUNK_RATE = 1e-3;

  /** At three times {@link #TRUNK_RATE} and more the first steps lose what the trunk knew. */
  private static final double MOST_RATE_SCALE = 2;

  /**
   * Encoders such as BERT forget what they know at higher rates (Devlin et al. 2018, appendix A.3:
   * 2e-5 to 5e-5).
   */
  private static final double READER_RATE = 5e-5;

  private static final int PAIRED_BATCH = 32;
  private static final int PAIRED_STEPS = 200;
  private static final double PAIRED_RATE = 1e-3;

  /** For batches of 32; with the batch it grows by its square root (Malladi et al. 2022). */
  private static final double HEAD_RATE = 1e-3;

  private StepPlan() {}

  /** A head of several layers on stored features. */
  static StepSettings head(TransferSettings settings, int examples) {
    int batch = settings.batchSize().orElse(examples < SMALL_SET ? 32 : 128);
    boolean fullBatch = settings.optimizer() == OptimizerChoice.LBFGS;
    int stepsPerEpoch = Math.max(1, (examples + batch - 1) / batch);
    int enough = Math.max(FEWEST_HEAD_EPOCHS, (HEAD_STEPS + stepsPerEpoch - 1) / stepsPerEpoch);
    int epochs = settings.epochs().orElse(fullBatch ? 15 : enough);
    return new StepSettings(
        Precision.FP32,
        optimizer(settings, HEAD_RATE * Math.sqrt(batch / 32.0), 0.02),
        epochs,
        batch,
        passes(settings),
        fullBatch ? 3 : Math.max(FEWEST_HEAD_PATIENCE, epochs / 4),
        settings.seed(),
        settings.budget());
  }

  /** Layers of the trunk with the head, for as many epochs as fit the examples. */
  static StepSettings unfrozen(
      TransferSettings settings, int examples, Precision precision, Backbone backbone) {
    int stepsPerEpoch = stepsPerEpoch(settings, examples);
    int enough = (FINE_TUNING_STEPS + stepsPerEpoch - 1) / stepsPerEpoch;
    int fitting = Math.max(FEWEST_EPOCHS, Math.min(MOST_EPOCHS, enough));
    int epochs = settings.epochs().orElse(fitting);
    return unfrozen(settings, examples, precision, backbone, epochs);
  }

  /**
   * Layers of the trunk with the head, for a number of epochs that is given, none left out: while
   * the rate is high, training may lose what the fitted head knew, and gains on it only when the
   * rate has come down the cosine. An end before that would judge the schedule, not the layers.
   */
  static StepSettings unfrozen(
      TransferSettings settings, int examples, Precision precision, Backbone backbone, int epochs) {
    int batch = batch(settings, examples);
    long steps = (long) epochs * stepsPerEpoch(settings, examples);
    return new StepSettings(
        precision,
        optimizer(settings, rate(backbone, steps), 1e-2),
        epochs,
        batch,
        passes(settings),
        epochs,
        settings.seed(),
        settings.budget());
  }

  private static int batch(TransferSettings settings, int examples) {
    return settings.batchSize().orElse(examples < SMALL_SET ? 16 : 32);
  }

  /** Steps of an epoch of fine-tuning. */
  static int stepsPerEpoch(TransferSettings settings, int examples) {
    int batch = batch(settings, examples);
    return Math.max(1, (examples + batch - 1) / batch);
  }

  /**
   * Fewer steps are longer ones: the way that a random walk goes in S steps of length r is r
   * sqrt(S).
   */
  private static double rate(Backbone backbone, long steps) {
    if (isPretrainedReader(backbone)) {
      return READER_RATE;
    }
    double scale = Math.sqrt((double) FINE_TUNING_STEPS / steps);
    return backbone.isFresh()
        ? TRUNK_RATE
        : TRUNK_RATE * Math.min(MOST_RATE_SCALE, Math.max(1, scale));
  }

  /**
   * The trunk of a text backbone, by pairs. Steps are few, since each learns from all pairs of its
   * batch; no batch is of a single example, which has no pair.
   */
  static StepSettings contrastive(
      TransferSettings settings, int examples, Precision precision, Backbone backbone) {
    int batch = settings.batchSize().orElse(PAIRED_BATCH);
    while (settings.batchSize().isEmpty() && examples % batch == 1) {
      batch++;
    }
    int stepsPerEpoch = Math.max(1, (examples + batch - 1) / batch);
    int epochs =
        settings.epochs().orElse(Math.max(1, (PAIRED_STEPS + stepsPerEpoch - 1) / stepsPerEpoch));
    return new StepSettings(
        precision,
        optimizer(settings, isPretrainedReader(backbone) ? READER_RATE : PAIRED_RATE, 1e-2),
        epochs,
        batch,
        passes(settings),
        epochs,
        settings.seed(),
        settings.budget());
  }

  private static BatchPasses passes(TransferSettings settings) {
    return new BatchPasses(settings.microBatch(), settings.activations());
  }

  /** Whether it is a pretrained transformer of text, whose layers normalise what they give. */
  private static boolean isPretrainedReader(Backbone backbone) {
    Graph graph = backbone.trunk().graph();
    return !backbone.isFresh()
        && TextTensors.isText(graph)
        && graph.nodes().stream().anyMatch(node -> node.is("LayerNormalization"));
  }

  private static OptimizerSettings optimizer(
      TransferSettings settings, double adaptiveRate, double sgdRate) {
    return switch (settings.optimizer()) {
      case SGD ->
          new OptimizerSettings.Sgd(settings.learningRate().orElse(sgdRate), MOMENTUM, true);
      case ADAM -> new OptimizerSettings.Adam(settings.learningRate().orElse(adaptiveRate));
      case LBFGS -> new OptimizerSettings.Lbfgs(settings.learningRate().orElse(1), 20);
      case AUTO, ADAMW -> new OptimizerSettings.AdamW(settings.learningRate().orElse(adaptiveRate));
    };
  }
}

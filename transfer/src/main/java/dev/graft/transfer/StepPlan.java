package dev.graft.transfer;

import dev.graft.engine.BatchPasses;
import dev.graft.engine.OptimizerSettings;
import dev.graft.engine.Precision;
import dev.graft.transfer.training.StepSettings;
import dev.graft.transfer.training.WeightOrigin;

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

  /** Layers of the trunk with the head. */
  static StepSettings unfrozen(
      TransferSettings settings, int examples, Precision precision, WeightOrigin origin) {
    int batch = settings.batchSize().orElse(examples < SMALL_SET ? 16 : 32);
    int stepsPerEpoch = Math.max(1, (examples + batch - 1) / batch);
    int epochs =
        settings
            .epochs()
            .orElse(
                Math.max(
                    FEWEST_EPOCHS,
                    Math.min(
                        MOST_EPOCHS, (FINE_TUNING_STEPS + stepsPerEpoch - 1) / stepsPerEpoch)));
    return new StepSettings(
        precision,
        optimizer(settings, 1e-3, 1e-2),
        epochs,
        batch,
        passes(settings),
        patience(epochs, origin),
        settings.seed(),
        settings.budget());
  }

  private static BatchPasses passes(TransferSettings settings) {
    return new BatchPasses(settings.microBatch(), settings.activations());
  }

  /**
   * While the rate is high, training may lose what the fitted head knew, and gains on it only when
   * the rate has come down the cosine: an end before that would judge the schedule, not the layers.
   * From fresh weights nothing may improve for many epochs, and then much.
   */
  private static int patience(int epochs, WeightOrigin origin) {
    return switch (origin) {
      case PRETRAINED -> Math.max(FEWEST_EPOCHS, 2 * epochs / 3);
      case FRESH -> epochs;
    };
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

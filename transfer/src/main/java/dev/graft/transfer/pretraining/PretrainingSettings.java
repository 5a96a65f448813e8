package dev.graft.transfer.pretraining;

import dev.graft.data.DatasetKind;
import dev.graft.engine.OptimizerSettings;
import dev.graft.transfer.PrecisionChoice;

/**
 * How a network is trained from fresh weights; immutable and thread-safe.
 *
 * @param optimizer the optimizer with its peak rate, which is reached after the warm-up and falls
 *     by half a cosine to zero
 * @param weightDecay pull of kernels toward zero, at least 0; norms and biases have none
 * @param epochs passes over the training examples, at least 1
 * @param warmUpEpochs epochs during which the rate rises from zero, less than {@code epochs}
 * @param batchSize examples in a step, at least 2: batch norms take their statistics from them
 * @param views how the training examples are shown
 * @param labelSmoothing share of the target spread over all classes, in [0, 1); 0 unless said,
 *     since it makes frozen features worse for other tasks (Kornblith et al. 2021, "Why Do Better
 *     Loss Functions Lead to Less Transferable Features?")
 * @param mixUp parameter of the beta distribution by which two examples are mixed, at least 0; 0
 *     mixes none (Zhang et al. 2018, "mixup: Beyond Empirical Risk Minimization")
 * @param averaging decay of the moving average of the weights, which is what is kept, in [0, 1); 0
 *     keeps the last weights
 * @param precision number format of the passes
 * @param validationFraction share of the training examples held out where the data have no
 *     validation part, in (0, 0.5]
 * @param seed of weights, order and views
 */
public record PretrainingSettings(
    OptimizerSettings optimizer,
    double weightDecay,
    int epochs,
    double warmUpEpochs,
    int batchSize,
    SourceViews views,
    double labelSmoothing,
    double mixUp,
    double averaging,
    PrecisionChoice precision,
    double validationFraction,
    long seed) {

  /** Checks the ranges. */
  public PretrainingSettings {
    require(weightDecay >= 0, "weight decay", "at least 0", weightDecay);
    require(epochs >= 1, "epochs", "at least 1", epochs);
    require(
        warmUpEpochs >= 0 && warmUpEpochs < epochs,
        "warm-up",
        "at least 0 and less than the " + epochs + " epochs",
        warmUpEpochs);
    require(batchSize >= 2, "batch size", "at least 2", batchSize);
    require(
        labelSmoothing >= 0 && labelSmoothing < 1, "label smoothing", "in [0, 1)", labelSmoothing);
    require(mixUp >= 0 && mixUp <= 10, "MixUp", "0 to 10", mixUp);
    require(
        mixUp == 0 || views.kind() != DatasetKind.TEXT,
        "MixUp",
        "0 for texts, since numbers of tokens cannot be mixed",
        mixUp);
    require(averaging >= 0 && averaging < 1, "averaging", "in [0, 1)", averaging);
    require(
        validationFraction > 0 && validationFraction <= 0.5,
        "validation fraction",
        "above 0, at most 0.5",
        validationFraction);
    if (optimizer instanceof OptimizerSettings.Lbfgs) {
      throw new IllegalArgumentException(
          "pre-training takes steps on small batches, which L-BFGS cannot; choose SGD or AdamW");
    }
  }

  private static void require(boolean holds, String name, String expected, Object found) {
    if (!holds) {
      throw new IllegalArgumentException(
          "pre-training, " + name + ": expected " + expected + ", found " + found);
    }
  }
}

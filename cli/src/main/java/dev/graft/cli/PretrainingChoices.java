package dev.graft.cli;

import dev.graft.data.DatasetKind;
import dev.graft.data.audio.AudioAugmentation;
import dev.graft.data.audio.AudioPreprocessing;
import dev.graft.data.image.Augmentation;
import dev.graft.engine.OptimizerSettings;
import dev.graft.transfer.OptimizerChoice;
import dev.graft.transfer.PrecisionChoice;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.pretraining.ImageSides;
import dev.graft.transfer.pretraining.PretrainingSettings;
import dev.graft.transfer.pretraining.SourceImages;
import dev.graft.transfer.pretraining.SourceSounds;
import dev.graft.transfer.pretraining.SourceViews;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code pretrain} about how the network learns. */
final class PretrainingChoices {
  private static final double SGD_RATE = 0.25;
  private static final double SGD_DECAY = 5e-4;
  private static final double SGD_MOMENTUM = 0.9;
  private static final double ADAMW_RATE = 1e-3;
  private static final double TEXT_RATE = 2e-3;
  private static final double ADAMW_DECAY = 0.05;
  private static final double BATCH_OF_RATES = 128;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the training examples (default: ${DEFAULT-VALUE}).")
  private int epochs = 30;

  @Option(
      names = "--size",
      paramLabel = "PIXELS",
      description =
          "Side of the training images at the end (default: 32, 64 or 128, by the images).")
  private @Nullable Integer size;

  @Option(
      names = "--start-size",
      paramLabel = "PIXELS",
      description =
          "Side of the training images at the start; it grows during three quarters of the epochs"
              + " (default: five eighths of --size).")
  private @Nullable Integer startSize;

  @Option(
      names = "--window",
      paramLabel = "SECONDS",
      description =
          "How much of a recording is heard at once, its middle (default: what nine of ten"
              + " recordings need).")
  private @Nullable Double window;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Examples in a step (default: ${DEFAULT-VALUE}).")
  private int batchSize = 128;

  @Option(
      names = "--optimizer",
      paramLabel = "sgd|adamw",
      description =
          "sgd, with Nesterov momentum, or adamw (default: sgd; adamw for vision transformers and"
              + " texts).")
  private @Nullable OptimizerChoice optimizer;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description =
          "Peak rate (default: 0.25 for sgd, 0.001 for adamw, 0.002 for adamw on texts, for batches of"
              + " 128; in proportion for others).")
  private @Nullable Double learningRate;

  @Option(
      names = "--weight-decay",
      paramLabel = "DECAY",
      description = "Of kernels; norms and biases have none (default: 0.0005; adamw 0.05).")
  private @Nullable Double weightDecay;

  @Option(
      names = "--warm-up",
      paramLabel = "EPOCHS",
      description = "Epochs in which the rate rises (default: 1, less for short runs).")
  private @Nullable Double warmUp;

  @Option(
      names = "--augment",
      paramLabel = "LIST",
      description =
          "How views differ: none, standard, light, or a list such as"
              + " flip,crop=0.6,rotate=10,translate=0.1,jitter=0.2,erase=0.25"
              + " (default: flip,crop=0.3); of recordings,"
              + " noise=5..20,room=0.5,gain=6,shift=0.1,pitch=2,speed=0.1,mask=0.1 (default:"
              + " standard).")
  private @Nullable AugmentationChoice augmentation;

  @Option(
      names = "--label-smoothing",
      paramLabel = "SHARE",
      description =
          "Share of the target spread over all classes. It helps on the source task, and hurts the"
              + " frozen features on others (default: 0).")
  private double labelSmoothing;

  @Option(
      names = "--mixup",
      paramLabel = "ALPHA",
      description = "Mix two examples into one; 0.2 is usual (default: 0, none).")
  private double mixUp;

  @Option(
      names = "--averaging",
      paramLabel = "DECAY",
      description =
          "Keep a moving average of the weights; 0 keeps the last ones (default: ${DEFAULT-VALUE}).")
  private double averaging = 0.999;

  @Option(
      names = "--precision",
      paramLabel = "auto|fp32|bf16",
      description = "Number format; auto is bf16 where the processor has it (default: auto).")
  private PrecisionChoice precision = PrecisionChoice.AUTO;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of weights, order and views (default: ${DEFAULT-VALUE}).")
  private long seed = 42;

  @Option(
      names = "--validation-fraction",
      paramLabel = "SHARE",
      description =
          "Share of the training examples held out where the data bring no validation part"
              + " (default: ${DEFAULT-VALUE}).")
  private double validationFraction = 0.1;

  long seed() {
    return seed;
  }

  double validationFraction() {
    return validationFraction;
  }

  /**
   * Refuses what means nothing for texts.
   *
   * @throws TransferException if any of it was asked for
   */
  void requireNothingOfOthers() {
    if (size != null || startSize != null || window != null) {
      throw refused(
          "--size and --start-size are for images and --window is for recordings; --max-tokens is"
              + " the length of texts");
    }
    if (augmentation != null) {
      throw refused(
          "--augment is for images and recordings; --token-drop is how views of texts differ");
    }
  }

  /** The side that was asked for, or one that suits the data. */
  int sideOr(java.util.function.IntSupplier suggested) {
    return size == null ? suggested.getAsInt() : size;
  }

  /**
   * How images are shown.
   *
   * @param side side of the images at the end
   * @param oneSize whether the images keep their size during training
   * @throws TransferException if a value is out of its range
   */
  SourceImages images(int side, boolean oneSize) {
    if (window != null) {
      throw refused("--window is for recordings; --size is the side of images");
    }
    try {
      return new SourceImages(
          sides(side, oneSize),
          augmentation == null ? Augmentation.parse("flip,crop=0.3") : augmentation.ofImages());
    } catch (IllegalArgumentException outOfRange) {
      throw refused(String.valueOf(outOfRange.getMessage()));
    }
  }

  /**
   * How recordings are shown.
   *
   * @param rate that the network hears
   * @param suiting window in seconds where none was asked for
   * @throws TransferException if a value is out of its range
   */
  SourceSounds sounds(int rate, DoubleSupplier suiting) {
    if (size != null || startSize != null) {
      throw refused("--size and --start-size are for images; --window is what is heard at once");
    }
    double seconds = window == null ? suiting.getAsDouble() : window;
    try {
      return new SourceSounds(
          new AudioPreprocessing(rate, (int) Math.round(seconds * rate)),
          augmentation == null ? AudioAugmentation.standard() : augmentation.ofSounds());
    } catch (IllegalArgumentException outOfRange) {
      throw refused(String.valueOf(outOfRange.getMessage()));
    }
  }

  private static TransferException refused(String reason) {
    return new TransferException(
        TransferException.Cause.SETTINGS, "Checking the settings: " + reason + ".");
  }

  /**
   * The settings.
   *
   * @param views how examples are shown
   * @param transformer whether the network is one, which learns hardly anything by SGD; nor do
   *     networks of text, whose rare words are seen in few steps
   * @throws TransferException if a value is out of its range
   */
  PretrainingSettings settings(SourceViews views, boolean transformer) {
    try {
      return new PretrainingSettings(
          optimizerSettings(transformer, views.kind()),
          weightDecay == null
              ? (isAdamW(transformer, views.kind()) ? ADAMW_DECAY : SGD_DECAY)
              : weightDecay,
          epochs,
          warmUp == null ? Math.min(1, epochs / 4.0) : warmUp,
          batchSize,
          views,
          labelSmoothing,
          mixUp,
          averaging,
          precision,
          validationFraction,
          seed);
    } catch (IllegalArgumentException refused) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Checking the settings: " + refused.getMessage() + ".",
          refused);
    }
  }

  private boolean isAdamW(boolean transformer, DatasetKind kind) {
    if (optimizer == null || optimizer == OptimizerChoice.AUTO) {
      return transformer || kind == DatasetKind.TEXT;
    }
    return switch (optimizer) {
      case ADAMW -> true;
      case SGD -> false;
      case AUTO, ADAM, LBFGS ->
          throw new IllegalArgumentException("--optimizer: expected sgd or adamw");
    };
  }

  private OptimizerSettings optimizerSettings(boolean transformer, DatasetKind kind) {
    double share = batchSize / BATCH_OF_RATES;
    double adamW = kind == DatasetKind.TEXT ? TEXT_RATE : ADAMW_RATE;
    return isAdamW(transformer, kind)
        ? new OptimizerSettings.AdamW(learningRate == null ? adamW * share : learningRate)
        : new OptimizerSettings.Sgd(
            learningRate == null ? SGD_RATE * share : learningRate, SGD_MOMENTUM, true);
  }

  private ImageSides sides(int side, boolean fixed) {
    int first = startSize == null ? (fixed ? side : Math.max(8, side * 5 / 8 / 8 * 8)) : startSize;
    if (fixed && first != side) {
      throw new IllegalArgumentException(
          "this network takes images of one size; leave --start-size away");
    }
    return new ImageSides(first, side);
  }
}

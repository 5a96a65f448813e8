package dev.graft.cli;

import dev.graft.transfer.BackboneOptions;
import dev.graft.transfer.PoolingChoice;
import dev.graft.transfer.SoundOptions;
import dev.graft.transfer.TextOptions;
import dev.graft.transfer.TransferException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code train} about how the pretrained network is used. */
final class BackboneChoices extends PreprocessingChoices {
  @Option(
      names = "--feature-tensor",
      paramLabel = "NAME",
      description = "Tensor that the new head reads (default: the input of the last linear layer).")
  private @Nullable String featureTensor;

  @Option(
      names = "--weights",
      paramLabel = "pretrained|fresh",
      description =
          "fresh: the same network from random weights, to see what the pretrained ones are worth"
              + " (default: pretrained).")
  private Weights weights = Weights.PRETRAINED;

  @Option(
      names = "--fresh-blocks",
      paramLabel = "COUNT",
      description =
          "Draws the weights of the last blocks anew before they train, with last:K or all as the"
              + " strategy: they may know their source task too well (inspect lists the blocks).")
  private @Nullable Integer freshBlocks;

  @Option(
      names = "--window",
      paramLabel = "SECONDS",
      description =
          "How much of a recording is heard at once, its middle (default: what nine of ten"
              + " recordings need).")
  private @Nullable Double window;

  @Option(
      names = "--front-end",
      paramLabel = "NAME",
      description =
          "What makes spectrograms of sound for a network that takes them:"
              + " google-speech-embedding/1, open-wake-word/1, ast/1, whisper/1 or log-mel/1.")
  private @Nullable String frontEnd;

  @Option(
      names = "--pooling",
      paramLabel = "concatenated|mean|mean_and_deviation|class_token",
      description =
          "How what the network gives for places, times or tokens becomes features (default: what its"
              + " config.json says, else as it was trained; of spectrograms, concatenated in windows"
              + " up to 2 s, else mean_and_deviation).")
  private @Nullable PoolingChoice pooling;

  @Option(
      names = "--sample-rate",
      paramLabel = "HZ",
      description = "Samples a second that a network of sound takes, where its files do not tell.")
  private @Nullable Integer sampleRate;

  @Option(
      names = "--as-image",
      description =
          "Let a network of images see spectrograms of the recordings; one of sound is usually"
              + " better.")
  private boolean asImage;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description =
          "The tokenizer.json or vocab.txt of a network of text (default: the one beside it).")
  private @Nullable Path tokenizer;

  @Option(
      names = "--max-tokens",
      paramLabel = "COUNT",
      description =
          "Tokens after which a text is cut (default: what nearly all texts need, as far as the"
              + " network has learned it).")
  private @Nullable Integer maximumTokens;

  /** The values of {@code --weights}. */
  enum Weights {
    PRETRAINED,
    FRESH
  }

  Weights weights() {
    return weights;
  }

  OptionalInt freshBlocks() {
    if (freshBlocks != null && weights == Weights.FRESH) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Checking the settings: --weights fresh draws all blocks anew, --fresh-blocks "
              + freshBlocks
              + " only the last. Take one of them.");
    }
    return freshBlocks == null ? OptionalInt.empty() : OptionalInt.of(freshBlocks);
  }

  /** With the window that suits the data, unless another was asked for. */
  BackboneOptions options(OptionalDouble suitingWindow) {
    BackboneOptions chosen = options();
    return suitingWindow.isPresent() && window == null
        ? chosen.withSound(chosen.sound().preferringWindow(suitingWindow.getAsDouble()))
        : chosen;
  }

  private SoundOptions sound() {
    return new SoundOptions(
        Optional.ofNullable(frontEnd),
        window == null ? OptionalDouble.empty() : OptionalDouble.of(window),
        sampleRate == null ? OptionalInt.empty() : OptionalInt.of(sampleRate),
        OptionalDouble.empty(),
        asImage);
  }

  private TextOptions text() {
    return new TextOptions(
        Optional.ofNullable(tokenizer),
        maximumTokens == null ? OptionalInt.empty() : OptionalInt.of(maximumTokens),
        OptionalInt.empty());
  }

  @Override
  BackboneOptions options() {
    BackboneOptions prepared = super.options();
    try {
      return new BackboneOptions(
          prepared.preprocessing(),
          prepared.inputSize(),
          Optional.ofNullable(featureTensor),
          Optional.ofNullable(pooling),
          sound(),
          text());
    } catch (IllegalArgumentException refused) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Checking the settings: " + refused.getMessage() + ".",
          refused);
    }
  }
}

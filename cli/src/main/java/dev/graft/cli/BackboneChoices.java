package dev.graft.cli;

import dev.graft.transfer.BackboneOptions;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code train} about how the pretrained network is used. */
final class BackboneChoices {
  @Option(
      names = "--preprocessing",
      paramLabel = "NAME|FILE",
      description =
          "How its images are prepared: imagenet, tf, inception, unit, clip, none, or a"
              + " preprocessor_config.json (default: the one beside the backbone).")
  private @Nullable String preprocessing;

  @Option(
      names = "--input-size",
      paramLabel = "PIXELS",
      description =
          "Side of its input where the file leaves it open (default: that of its"
              + " preprocessor_config.json, else 224).")
  private @Nullable Integer inputSize;

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

  /** The values of {@code --weights}. */
  enum Weights {
    PRETRAINED,
    FRESH
  }

  Weights weights() {
    return weights;
  }

  BackboneOptions options() {
    return new BackboneOptions(
        Optional.ofNullable(preprocessing),
        inputSize == null ? OptionalInt.empty() : OptionalInt.of(inputSize),
        Optional.ofNullable(featureTensor));
  }
}

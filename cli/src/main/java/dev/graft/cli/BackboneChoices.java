package dev.graft.cli;

import dev.graft.transfer.BackboneOptions;
import java.util.Optional;
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

  /** The values of {@code --weights}. */
  enum Weights {
    PRETRAINED,
    FRESH
  }

  Weights weights() {
    return weights;
  }

  @Override
  BackboneOptions options() {
    BackboneOptions prepared = super.options();
    return new BackboneOptions(
        prepared.preprocessing(), prepared.inputSize(), Optional.ofNullable(featureTensor));
  }
}

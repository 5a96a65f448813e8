package dev.graft.cli;

import dev.graft.transfer.BackboneOptions;
import dev.graft.transfer.SoundOptions;
import dev.graft.transfer.TextOptions;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options about how images are prepared for a pretrained network. */
class PreprocessingChoices {
  @Option(
      names = "--preprocessing",
      order = 20,
      paramLabel = "NAME|FILE",
      description =
          "How images are prepared: imagenet, tf, inception, unit, clip, none, or a"
              + " preprocessor_config.json (default: the one beside the backbone).")
  private @Nullable String preprocessing;

  @Option(
      names = "--input-size",
      order = 21,
      paramLabel = "PIXELS",
      description =
          "Side of the input; a file that fixes a larger one is run at this one where it gives as"
              + " many features (default: the fixed one, that of its preprocessor_config.json, else"
              + " 224; for small images, layers train at a smaller one where that is not proved to"
              + " be worse, and heads where it is proved to be better).")
  private @Nullable Integer inputSize;

  BackboneOptions options() {
    return new BackboneOptions(
        Optional.ofNullable(preprocessing),
        inputSize == null ? OptionalInt.empty() : OptionalInt.of(inputSize),
        Optional.empty(),
        Optional.empty(),
        SoundOptions.DEFAULTS,
        TextOptions.DEFAULTS);
  }
}

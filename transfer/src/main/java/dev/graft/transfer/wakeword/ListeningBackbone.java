package dev.graft.transfer.wakeword;

import dev.graft.onnx.frontend.FrontEnd;
import dev.graft.onnx.frontend.SoundInput;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneOptions;
import dev.graft.transfer.SoundOptions;
import java.nio.file.Path;
import java.util.Optional;

/** Loads backbones for running sound. */
public final class ListeningBackbone {
  private ListeningBackbone() {}

  /**
   * Loads a backbone as {@link Backbone#load}; where nobody named a front end, and that which is
   * known for the encoder looks at whole examples, it takes its front end for running sound.
   *
   * @param said what is said about a backbone that hears
   */
  public static Backbone load(Path fileOrFolder, SoundOptions said) {
    Backbone loaded = Backbone.load(fileOrFolder, BackboneOptions.defaults().withSound(said));
    Optional<FrontEnd> better =
        said.frontEnd().isPresent() || loaded.soundSequence().isPresent()
            ? Optional.empty()
            : SoundInput.of(loaded.model())
                .filter(input -> FrontEnd.names().contains(input.frontEnd()))
                .flatMap(input -> FrontEnd.named(input.frontEnd()).forRunningSound());
    return better
        .map(
            frontEnd ->
                Backbone.load(
                    fileOrFolder,
                    BackboneOptions.defaults().withSound(said.withFrontEnd(frontEnd.name()))))
        .orElse(loaded);
  }
}

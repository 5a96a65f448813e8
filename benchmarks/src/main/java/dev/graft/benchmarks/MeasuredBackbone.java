package dev.graft.benchmarks;

import dev.graft.data.Dataset;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneOptions;
import dev.graft.transfer.SoundOptions;
import dev.graft.transfer.SuggestedWindow;
import dev.graft.zoo.BundledBackbone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;

/** The backbones that are measured, by name: reference models, or those that come with Graft. */
final class MeasuredBackbone {
  /** The backbone of images that comes with Graft. */
  static final String BUNDLED = "photo-small";

  /** The backbone of sound that comes with Graft. */
  static final String BUNDLED_SPEECH = "speech-small";

  /** The recipe of the backbone of texts that comes with Graft, without what it is judged by. */
  static final String TEXT = "text-small";

  private MeasuredBackbone() {}

  /** Loads one. */
  static Backbone load(String name) {
    return load(name, BackboneOptions.defaults());
  }

  /**
   * Loads one for some data: of sound, with the window that suits them; of texts, the one that has
   * never seen them.
   *
   * @param data the name of the data
   */
  static Backbone load(String name, String data, Dataset dataset) {
    if (name.equals(TEXT)) {
      return Backbone.load(withoutTarget(data), BackboneOptions.defaults());
    }
    OptionalDouble window = SuggestedWindow.of(dataset);
    return load(
        name,
        window.isPresent()
            ? BackboneOptions.defaults()
                .withSound(SoundOptions.DEFAULTS.preferringWindow(window.getAsDouble()))
            : BackboneOptions.defaults());
  }

  private static Path withoutTarget(String data) {
    Path folder = Folders.work().resolve(TEXT + "-without-" + data);
    if (!Files.isDirectory(folder)) {
      throw new IllegalStateException(
          "there is no backbone "
              + folder
              + ": train it with benchmarks/run text-small --without "
              + data);
    }
    return folder;
  }

  private static Backbone load(String name, BackboneOptions options) {
    return switch (name) {
      case BUNDLED -> load(BundledBackbone.PHOTO_SMALL, options);
      case BUNDLED_SPEECH -> load(BundledBackbone.SPEECH_SMALL, options);
      default -> Backbone.load(SharedMaterial.model(name), options);
    };
  }

  private static Backbone load(BundledBackbone bundled, BackboneOptions options) {
    try {
      return Backbone.load(
          bundled.extractTo(Folders.inside(Folders.work(), "backbones")).resolve("model.onnx"),
          options);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}

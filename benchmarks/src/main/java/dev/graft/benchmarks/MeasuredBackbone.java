package dev.graft.benchmarks;

import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneOptions;
import dev.graft.zoo.BundledBackbone;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The backbones that are measured, by name: reference models, or the one that comes with Graft. */
final class MeasuredBackbone {
  /** The backbone that comes with Graft. */
  static final String BUNDLED = "photo-small";

  private MeasuredBackbone() {}

  /** Loads one. */
  static Backbone load(String name) {
    if (!name.equals(BUNDLED)) {
      return Backbone.load(SharedMaterial.model(name), BackboneOptions.defaults());
    }
    try {
      return Backbone.load(
          BundledBackbone.PHOTO_SMALL
              .extractTo(Folders.inside(Folders.work(), "backbones"))
              .resolve("model.onnx"),
          BackboneOptions.defaults());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}

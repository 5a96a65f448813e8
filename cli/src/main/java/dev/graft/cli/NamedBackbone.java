package dev.graft.cli;

import dev.graft.data.Dataset;
import dev.graft.data.DatasetKind;
import dev.graft.transfer.TransferException;
import dev.graft.zoo.BundledBackbone;
import dev.graft.zoo.hub.ModelReference;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A backbone as commands name it: a file, a folder, the id of one that comes with Graft, or {@code
 * hf:org/name} of one on a hub, which is no path on every system.
 *
 * @param text as it was typed
 */
record NamedBackbone(String text) {
  static NamedBackbone of(BundledBackbone bundled) {
    return new NamedBackbone(bundled.id());
  }

  /** Checks the form of an id; a path is checked when it is opened. */
  static NamedBackbone parse(String text) {
    if (ModelReference.isIn(text)) {
      return new NamedBackbone(ModelReference.PREFIX + ModelReference.parse(text));
    }
    return new NamedBackbone(Path.of(text).toString());
  }

  /** The one that comes with Graft for a kind of data, whether or not this build holds it. */
  static BundledBackbone bundledFor(DatasetKind kind) {
    return switch (kind) {
      case IMAGE -> BundledBackbone.PHOTO_SMALL;
      case AUDIO -> BundledBackbone.SPEECH_SMALL;
      case TEXT -> BundledBackbone.TEXT_SMALL;
    };
  }

  /**
   * The one that this build holds for some data.
   *
   * @throws TransferException where there is none
   */
  static BundledBackbone fitting(Dataset dataset) {
    BundledBackbone fitting = bundledFor(dataset.kind());
    if (!fitting.isPresent()) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Choosing a backbone for "
              + dataset.name()
              + ": this build of Graft holds none of its own for "
              + dataset.kind().many()
              + ". Name an ONNX file that takes "
              + dataset.kind().many()
              + " with --backbone FILE.");
    }
    return fitting;
  }

  /** What is said where nobody chose. */
  static String choice(BundledBackbone backbone) {
    return "Backbone: "
        + backbone.id()
        + ", which comes with Graft ("
        + backbone.sourceTask()
        + "); --backbone FILE takes another.";
  }

  /** The one that comes with Graft, where its id was named. */
  Optional<BundledBackbone> bundled() {
    return BundledBackbone.named(text.replace(File.separatorChar, '/'));
  }

  /**
   * Where it lies; one that comes with Graft is unpacked into a folder of the cache, one of a hub
   * is pulled unless it was before.
   *
   * @throws TransferException if it cannot be unpacked
   * @throws dev.graft.zoo.hub.HubException if it cannot be pulled
   */
  Path locate(Path cache, HubAccess hub) {
    if (ModelReference.isIn(text)) {
      return hub.present(ModelReference.parse(text)).place();
    }
    return bundled()
        .map(backbone -> unpacked(backbone, cache.resolve("backbones")))
        .orElseGet(() -> Path.of(text));
  }

  private static Path unpacked(BundledBackbone backbone, Path folder) {
    try {
      return backbone.extractTo(folder);
    } catch (IOException failure) {
      throw new TransferException(
          TransferException.Cause.ENVIRONMENT,
          "Unpacking the backbone "
              + backbone.id()
              + " into "
              + folder
              + " failed: "
              + FileProblems.reason(failure)
              + ". Where that folder cannot be written to, name another one in GRAFT_CACHE.",
          failure);
    }
  }

  @Override
  public String toString() {
    return bundled().map(BundledBackbone::id).orElse(text);
  }
}

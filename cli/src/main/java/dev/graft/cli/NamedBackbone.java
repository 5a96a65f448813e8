package dev.graft.cli;

import dev.graft.data.Dataset;
import dev.graft.transfer.TransferException;
import dev.graft.zoo.BundledBackbone;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Backbones as commands name them: a file, a folder, or the id of one that comes with Graft. */
final class NamedBackbone {
  private NamedBackbone() {}

  /**
   * The one that comes with Graft for a kind of data.
   *
   * @throws TransferException where there is none
   */
  static BundledBackbone fitting(Dataset dataset) {
    BundledBackbone fitting =
        switch (dataset.kind()) {
          case IMAGE -> BundledBackbone.PHOTO_SMALL;
          case AUDIO -> BundledBackbone.SPEECH_SMALL;
          case TEXT -> BundledBackbone.TEXT_SMALL;
        };
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

  /**
   * Where a backbone lies; one that comes with Graft is unpacked into a folder of the cache.
   *
   * @throws TransferException if it cannot be unpacked
   */
  static Path locate(Path name, Path cache) {
    Optional<BundledBackbone> bundled =
        BundledBackbone.named(name.toString().replace(File.separatorChar, '/'));
    return bundled.isPresent() ? unpacked(bundled.get(), cache.resolve("backbones")) : name;
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
}

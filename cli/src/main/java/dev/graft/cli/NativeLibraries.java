package dev.graft.cli;

import dev.graft.data.image.ImageDecoder;
import dev.graft.engine.EngineException;
import dev.graft.engine.Libtorch;
import dev.graft.runtime.Predictor;
import dev.graft.runtime.RuntimeModelException;

/** The native libraries of a training run, loaded while the dataset and the model are read. */
final class NativeLibraries {
  private NativeLibraries() {}

  /** Begins to load them on a thread of its own; whoever needs one meanwhile waits for it. */
  static void loadAhead() {
    Thread loader = new Thread(NativeLibraries::load, "graft-libraries");
    loader.setDaemon(true);
    loader.start();
  }

  private static void load() {
    try {
      Libtorch.load();
      ImageDecoder.load();
      Predictor.loadLibrary();
    } catch (EngineException | RuntimeModelException | LinkageError failure) {
      // Where the library is needed it fails again, with its message, on the run's own thread.
    }
  }
}

package dev.graft.engine;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/** Loads libtorch once and sets its threads. Thread-safe. */
public final class Libtorch {
  private static boolean loaded;

  private Libtorch() {}

  /**
   * Loads the native library, if it is not loaded yet; takes about a second the first time.
   *
   * @throws EngineException where the library for this platform is missing or does not load
   */
  public static synchronized void load() {
    if (loaded) {
      return;
    }
    try {
      torch.set_num_threads(Runtime.getRuntime().availableProcessors());
      loaded = true;
    } catch (LinkageError failure) {
      throw new EngineException(
          "Loading the native library libtorch for "
              + Loader.getPlatform()
              + " failed: "
              + failure.getMessage()
              + ". Graft runs on linux-x86_64, macosx-arm64 and windows-x86_64; build it on the machine"
              + " that it runs on.",
          failure);
    }
  }

  /** The number of threads that libtorch computes with. */
  public static int threads() {
    load();
    return torch.get_num_threads();
  }
}

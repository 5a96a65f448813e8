package dev.graft.engine;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_full;
import org.bytedeco.pytorch.global.torch;

/** Loads libtorch once and sets its threads. Thread-safe. */
public final class Libtorch {
  private static boolean loaded;
  private static int confinements;

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

  /**
   * Lets libtorch compute with the calling thread alone whatever that thread asks of it, now and
   * later; other threads, present and coming, keep all cores.
   */
  static synchronized void confineThisThread() {
    int all = threads(); // also lets libtorch set up this thread, which would undo what follows
    torch.set_num_threads(1);
    // The call set OpenMP's count for this thread, and libtorch's own for threads to come.
    Thread restorer = new Thread(() -> torch.set_num_threads(all), "graft-threads");
    restorer.start();
    boolean interrupted = false;
    while (restorer.isAlive()) {
      try {
        restorer.join();
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Matrix products come from OpenBLAS, which has threads of its own and one count for the whole
   * process: it is one as long as anybody computes on confined threads.
   */
  static synchronized void beginConfinement() {
    if (confinements++ == 0) {
      openblas_full.openblas_set_num_threads(1);
    }
  }

  /** Undoes one {@link #beginConfinement}. */
  static synchronized void endConfinement() {
    if (--confinements == 0) {
      openblas_full.openblas_set_num_threads(threads());
    }
  }

  /** The number of threads that libtorch computes with. */
  public static int threads() {
    load();
    return torch.get_num_threads();
  }
}

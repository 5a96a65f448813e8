package dev.graft.transfer;

import java.nio.file.Path;
import java.util.Locale;

/** Where Graft keeps what it can make again. Stateless, thread-safe. */
public final class CacheFolder {
  private CacheFolder() {}

  /** GRAFT_CACHE, else the platform's place for caches. The folder need not exist. */
  public static Path standard() {
    String chosen = System.getenv("GRAFT_CACHE");
    if (chosen != null && !chosen.isBlank()) {
      return Path.of(chosen);
    }
    Path home = Path.of(System.getProperty("user.home", "."));
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (system.contains("mac")) {
      return home.resolve("Library/Caches/graft");
    }
    String local = System.getenv(system.contains("windows") ? "LOCALAPPDATA" : "XDG_CACHE_HOME");
    Path caches = local == null || local.isBlank() ? home.resolve(".cache") : Path.of(local);
    return caches.resolve("graft");
  }
}

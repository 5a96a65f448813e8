package dev.graft.cli;

import dev.graft.transfer.CacheFolder;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option about where features are kept. */
class CacheChoice {
  @Option(
      names = "--cache",
      order = 23,
      paramLabel = "FOLDER",
      description =
          "Where features, and the backbone that comes with Graft, are kept between runs (default:"
              + " GRAFT_CACHE, else the system's place for caches).")
  private @Nullable Path cache;

  /** What was asked for. */
  Optional<Path> asked() {
    return Optional.ofNullable(cache);
  }

  /** Also where no features are kept: for what does not depend on the run. */
  Path folder() {
    return asked().orElseGet(CacheFolder::standard);
  }
}

package dev.graft.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder of the feature store: the user's cache, or one for this run alone that goes with it.
 *
 * @param path the folder
 * @param temporary whether it is removed at the end
 */
public record StoreFolder(Path path, boolean temporary) implements AutoCloseable {
  /**
   * That inside a cache's folder, or where there is none a temporary one.
   *
   * @throws TransferException if that cannot be made
   */
  public static StoreFolder of(Optional<Path> cache) {
    if (cache.isPresent()) {
      return new StoreFolder(cache.get().resolve("features"), false);
    }
    try {
      return new StoreFolder(Files.createTempDirectory("graft-features-"), true);
    } catch (IOException failure) {
      throw new TransferException(
          TransferException.Cause.ENVIRONMENT,
          "Making a temporary folder for features failed: "
              + failure.getMessage()
              + ". Free some space, or name a folder with --cache.",
          failure);
    }
  }

  @Override
  public void close() {
    if (!temporary) {
      return;
    }
    try (Stream<Path> tree = Files.walk(path)) {
      List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException leftBehind) {
      // What the system cleans from its temporary folder is no reason to fail a finished run.
      path.toFile().deleteOnExit();
    }
  }
}

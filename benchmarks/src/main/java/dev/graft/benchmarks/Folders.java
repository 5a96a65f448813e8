package dev.graft.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders that a measurement makes and removes. Thread-safe. */
final class Folders {
  private Folders() {}

  /** The folder for what is made here; the system property {@code graft.benchmarks.work}. */
  static Path work() {
    Path folder = Path.of(System.getProperty("graft.benchmarks.work", "benchmarks/target/work"));
    return create(folder.toAbsolutePath().normalize());
  }

  /** What long measurements found so far; it is kept in the repository. */
  static Path results() {
    Path project = Path.of(System.getProperty("graft.project", ".")).toAbsolutePath().normalize();
    return create(project.resolve("benchmarks").resolve("results"));
  }

  /** A folder inside another one, made where it is missing. */
  static Path inside(Path folder, String name) {
    Path inner = folder.resolve(name).normalize();
    if (!inner.startsWith(folder)) {
      throw new IllegalArgumentException(name + " leads out of " + folder);
    }
    return create(inner);
  }

  private static Path create(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException failure) {
      throw new UncheckedIOException("Making the folder " + folder, failure);
    }
  }

  /** Gives a finished folder its name. */
  static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException failure) {
      throw new UncheckedIOException("Renaming " + from + " to " + to, failure);
    }
  }

  /** Removes a file or a folder with all that is in it, if it exists. */
  static void delete(Path path) {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(path)) {
      List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("Removing " + path, failure);
    }
  }
}

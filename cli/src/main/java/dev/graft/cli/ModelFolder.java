package dev.graft.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The folder of a trained model that was given none: named after its data. */
final class ModelFolder {
  private static final int MOST_NUMBERS = 1_000;

  private final Path data;
  private final Path current;

  /**
   * For the model of data.
   *
   * @param current the folder that the command runs in, where the model goes; where it lies in the
   *     data, the model goes beside them, so that no later run takes it for examples
   */
  ModelFolder(Path data, Path current) {
    this.data = data;
    this.current = current.toAbsolutePath().normalize();
  }

  /** {@code photos-model} for {@code photos.zip}, whether it is there or not. */
  Path standard() {
    Path in = place();
    Path folder = in.resolve(name());
    return in.equals(current) ? current.relativize(folder) : folder;
  }

  /**
   * The first of {@code photos-model}, {@code photos-model-2}, ... that is not there yet, nor what
   * an unfinished run left of it.
   */
  Path free() {
    return numbered()
        .filter(folder -> !Files.exists(current.resolve(folder)))
        .filter(folder -> !isUnfinished(current.resolve(folder)))
        .findFirst()
        .orElse(standard());
  }

  /** The one of them that a run began and did not finish; of several the latest. */
  Optional<Path> unfinished() {
    return numbered()
        .filter(folder -> !Files.exists(current.resolve(folder)))
        .filter(folder -> isUnfinished(current.resolve(folder)))
        .max(Comparator.comparing(folder -> lastWritten(current.resolve(folder))));
  }

  private static FileTime lastWritten(Path folder) {
    try {
      return Files.getLastModifiedTime(RunChoices.checkpoints(folder));
    } catch (IOException justRemoved) {
      return FileTime.fromMillis(0);
    }
  }

  private static boolean isUnfinished(Path folder) {
    return Files.exists(RunChoices.checkpoints(folder));
  }

  private Stream<Path> numbered() {
    Path standard = standard();
    return Stream.concat(
        Stream.of(standard),
        IntStream.range(2, MOST_NUMBERS)
            .mapToObj(number -> standard.resolveSibling(standard.getFileName() + "-" + number)));
  }

  private Path place() {
    try {
      Path root = data.toRealPath();
      Path parent = root.getParent();
      return parent != null && Files.isDirectory(root) && current.toRealPath().startsWith(root)
          ? parent
          : current;
    } catch (IOException missing) {
      return current; // reading the data tells what is wrong with them
    }
  }

  private String name() {
    Path name = data.toAbsolutePath().normalize().getFileName();
    String plain = name == null ? "" : name.toString().replaceFirst("\\.[A-Za-z]{1,5}$", "");
    return (plain.isEmpty() ? "my" : plain) + "-model";
  }
}

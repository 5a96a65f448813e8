package dev.graft.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The data and models that are measured on, in the folder that the system property {@code
 * graft.shared} names. Thread-safe.
 */
final class SharedMaterial {
  /** Names of the two image backbones. */
  static final String SMALL_BACKBONE = "mobilenetv2-0.35-imagenet-headless";

  static final String LARGE_BACKBONE = "mobilenetv2-1.0-imagenet";

  /** Name of the backbone of sound. */
  static final String SPEECH_BACKBONE = "speech-embedding";

  private SharedMaterial() {}

  /** A model by its name without ".onnx". */
  static Path model(String name) {
    return existing(root().resolve("models").resolve(name + ".onnx"));
  }

  /** An archive by its name without ".zip". */
  static Path data(String name) {
    return existing(root().resolve("data").resolve(name + ".zip"));
  }

  private static Path root() {
    return Path.of(System.getProperty("graft.shared", "../shared")).toAbsolutePath().normalize();
  }

  private static Path existing(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalStateException(
          "Looking for the reference data: "
              + file
              + " is missing. Name their folder with GRAFT_SHARED=FOLDER benchmarks/run ...");
    }
    return file;
  }

  /**
   * Unpacks the training part of an archive into a folder per class, unless it lies there already.
   *
   * @param target the folder; its name tells what it is
   * @param examplesPerClass the first so many of each class in the order of the archive
   * @return the folder
   */
  static Path unpackTrainingPart(Path archive, Path target, int examplesPerClass) {
    return unpack(archive, target, Set.of("train"), examplesPerClass);
  }

  /** Unpacks the images of all parts into a folder per class, unless they lie there already. */
  static Path unpackAll(Path archive, Path target) {
    return unpack(archive, target, Set.of("train", "validation", "test"), Integer.MAX_VALUE);
  }

  private static Path unpack(Path archive, Path target, Set<String> parts, int examplesPerClass) {
    if (Files.isDirectory(target)) {
      return target;
    }
    Path unfinished = target.resolveSibling(target.getFileName() + ".unfinished");
    Folders.delete(unfinished);
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      Map<String, Integer> counts = new HashMap<>();
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        // part / class / file
        String[] steps = entry.getName().split("/");
        if (entry.isDirectory() || steps.length != 3 || !parts.contains(steps[0])) {
          continue;
        }
        if (counts.merge(steps[1], 1, Integer::sum) <= examplesPerClass) {
          Path file = Folders.inside(unfinished, steps[1]).resolve(Path.of(steps[2]).getFileName());
          try (InputStream content = zip.getInputStream(entry)) {
            Files.copy(content, file);
          }
        }
      }
      return Files.move(unfinished, target);
    } catch (IOException failure) {
      throw new UncheckedIOException("Unpacking " + archive + " to " + target, failure);
    }
  }
}

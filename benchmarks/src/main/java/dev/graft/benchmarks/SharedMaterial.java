package dev.graft.benchmarks;

import dev.graft.data.Dataset;
import dev.graft.data.DatasetReader;
import dev.graft.data.Example;
import dev.graft.data.Part;
import dev.graft.data.Split;
import dev.graft.data.Splitter;
import dev.graft.data.text.PlainText;
import dev.graft.data.text.TextLikeness;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The data and models that are measured on, in the folder that the system property {@code
 * graft.shared} names. Thread-safe.
 */
final class SharedMaterial {
  private static final double TEST_SHARE = 0.5;
  private static final long TEST_SEED = 1;

  /** Names of the two image backbones. */
  static final String SMALL_BACKBONE = "mobilenetv2-0.35-imagenet-headless";

  static final String LARGE_BACKBONE = "mobilenetv2-1.0-imagenet";

  /** Name of the backbone of sound. */
  static final String SPEECH_BACKBONE = "speech-embedding";

  /** Name of the table of word vectors. */
  static final String WORD_VECTORS = "word2vec-8k";

  private SharedMaterial() {}

  /** A model by its name without ".onnx", or by that of its folder. */
  static Path model(String name) {
    Path folder = root().resolve("models").resolve(name);
    return Files.isDirectory(folder)
        ? folder
        : existing(root().resolve("models").resolve(name + ".onnx"));
  }

  /** An archive by its name without ".zip". */
  static Path data(String name) {
    return existing(root().resolve("data").resolve(name + ".zip"));
  }

  /**
   * Tables of texts by the name that they begin with. Of one without a test part, half of the texts
   * are it, always the same.
   */
  static Dataset texts(String name) {
    Path place = root().resolve("data").resolve("text").resolve(name);
    Path table = place.resolveSibling(name + ".csv");
    if (!Files.isRegularFile(table)) {
      return DatasetReader.read(place);
    }
    Dataset whole = DatasetReader.read(table);
    List<Example> all = whole.part(Part.TRAIN);
    int[] labels =
        all.stream().mapToInt(example -> whole.classes().indexOf(example.label())).toArray();
    int[] groups =
        TextLikeness.groups(all.stream().map(Example::source).map(PlainText::of).toList()).groups();
    Split halves = Splitter.holdOut(labels, groups, TEST_SHARE, TEST_SEED);
    return whole.withParts(
        Map.of(
            Part.TRAIN,
            Arrays.stream(halves.train()).mapToObj(all::get).toList(),
            Part.TEST,
            Arrays.stream(halves.validation()).mapToObj(all::get).toList()));
  }

  /** All rows of one table of texts, by its name without ".csv". */
  static List<Example> textTable(String name) {
    Path file = existing(root().resolve("data").resolve("text").resolve(name + ".csv"));
    return DatasetReader.read(file).part(Part.TRAIN);
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

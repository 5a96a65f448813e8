package dev.graft.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The files below a location, be it a folder or a zip archive, with "/" between the parts of their
 * paths.
 *
 * @param name the location, for messages
 * @param files the files, in the order of their paths
 * @param folders the paths of all folders, also of those without files
 * @param leftOut what could not be read or must not be, with the reason
 */
record FileTree(String name, List<Entry> files, Set<String> folders, List<LeftOut> leftOut) {
  private static final List<String> MODEL_FILES = List.of("/model.onnx", "/config.json");

  /**
   * One file.
   *
   * @param path relative to the location
   * @param size in bytes
   * @param source where its content is
   */
  record Entry(String path, long size, ExampleSource source) {}

  FileTree {
    files = List.copyOf(files);
    folders = Set.copyOf(folders);
    leftOut = List.copyOf(leftOut);
  }

  /** Without trained models: they hold example files of their own, which must not be a class. */
  FileTree withoutModels() {
    Set<String> paths = files.stream().map(Entry::path).collect(Collectors.toSet());
    List<String> models =
        folders.stream()
            .filter(folder -> MODEL_FILES.stream().allMatch(name -> paths.contains(folder + name)))
            .sorted()
            .toList();
    if (models.isEmpty()) {
      return this;
    }
    Predicate<String> kept =
        path -> models.stream().noneMatch(model -> (path + "/").startsWith(model + "/"));
    List<LeftOut> more = new ArrayList<>(leftOut);
    models.forEach(model -> more.add(new LeftOut(model, "it holds a trained model, not data")));
    return new FileTree(
        name,
        files.stream().filter(file -> kept.test(file.path())).toList(),
        folders.stream().filter(kept).collect(Collectors.toSet()),
        more);
  }

  Optional<Entry> file(String path) {
    return files.stream().filter(entry -> entry.path().equals(path)).findFirst();
  }

  /**
   * Whether a file or folder name is an operating system's own bookkeeping, which nobody means as
   * data.
   */
  static boolean isBookkeeping(String fileName) {
    return fileName.startsWith(".")
        || fileName.equals("__MACOSX")
        || fileName.equalsIgnoreCase("Thumbs.db")
        || fileName.equalsIgnoreCase("desktop.ini");
  }
}

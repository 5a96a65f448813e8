package dev.graft.data;

import java.util.List;
import java.util.Optional;
import java.util.Set;

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

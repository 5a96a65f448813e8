package dev.graft.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;

/**
 * Lists a zip archive. Entries are only ever read by name, but a path that would leave the archive
 * marks a forged one and is refused.
 */
final class ZipTree {
  private ZipTree() {}

  static FileTree list(Path location) {
    ZipArchive archive = ZipArchive.open(location);
    List<FileTree.Entry> files = new ArrayList<>();
    Set<String> folders = new HashSet<>();
    Set<String> seen = new HashSet<>();
    List<LeftOut> leftOut = new ArrayList<>();
    for (ZipEntry entry : archive.entries()) {
      String name = entry.getName();
      if (SafePaths.parts(name).anyMatch(FileTree::isBookkeeping) && !SafePaths.leaves(name)) {
        continue;
      }
      if (SafePaths.isUnsafe(name)) {
        leftOut.add(new LeftOut(name, SafePaths.REASON));
        continue;
      }
      addFolders(name, folders);
      if (!entry.isDirectory()) {
        if (seen.add(name)) {
          files.add(
              new FileTree.Entry(
                  name, entry.getSize(), new ExampleSource.ZipSource(archive, name)));
        } else {
          leftOut.add(new LeftOut(name, "the archive holds another entry of the same name"));
        }
      }
    }
    files.sort(Comparator.comparing(FileTree.Entry::path));
    return new FileTree(location.toString(), files, folders, leftOut).withoutModels();
  }

  private static void addFolders(String name, Set<String> folders) {
    for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
      folders.add(name.substring(0, slash));
    }
  }
}

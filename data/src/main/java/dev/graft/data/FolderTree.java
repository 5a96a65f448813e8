package dev.graft.data;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks a folder. Symbolic links are followed, but each real folder is entered once only, so that
 * loops end.
 */
final class FolderTree {
  private static final int MAXIMUM_DEPTH = 64;

  private final Path root;
  private final List<FileTree.Entry> files = new ArrayList<>();
  private final Set<String> folders = new HashSet<>();
  private final List<LeftOut> leftOut = new ArrayList<>();
  private final Set<Path> visited = new HashSet<>();

  private FolderTree(Path root) {
    this.root = root;
  }

  static FileTree walk(Path root) {
    FolderTree tree = new FolderTree(root);
    tree.walk(root, "", 0);
    tree.files.sort(Comparator.comparing(FileTree.Entry::path));
    return new FileTree(root.toString(), tree.files, tree.folders, tree.leftOut).withoutModels();
  }

  private void walk(Path folder, String prefix, int depth) {
    List<Path> children = new ArrayList<>();
    try {
      if (depth > MAXIMUM_DEPTH) {
        leftOut.add(new LeftOut(prefix, "folders are nested more than " + MAXIMUM_DEPTH + " deep"));
        return;
      }
      if (!visited.add(folder.toRealPath())) {
        leftOut.add(new LeftOut(prefix, "a link to a folder that was read already"));
        return;
      }
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
        stream.forEach(children::add);
      }
    } catch (DirectoryIteratorException e) {
      leaveOutFolder(prefix, e.getCause());
      return;
    } catch (IOException e) {
      leaveOutFolder(prefix, e);
      return;
    }
    // The order of a folder differs between file systems; which of two links to one folder counts
    // must not.
    children.sort(Comparator.comparing(FolderTree::fileName));
    for (Path child : children) {
      if (!FileTree.isBookkeeping(fileName(child))) {
        add(child, prefix.isEmpty() ? fileName(child) : prefix + "/" + fileName(child), depth);
      }
    }
  }

  private void leaveOutFolder(String prefix, @Nullable IOException e) {
    leftOut.add(
        new LeftOut(
            prefix.isEmpty() ? root.toString() : prefix,
            "the folder cannot be read" + (e == null ? "" : ": " + Limits.reason(e))));
  }

  private void add(Path child, String path, int depth) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(child, BasicFileAttributes.class);
      if (attributes.isDirectory()) {
        folders.add(path);
        walk(child, path, depth + 1);
      } else if (!attributes.isRegularFile()) {
        leftOut.add(new LeftOut(path, "it is not a regular file"));
      } else if (!Files.isReadable(child)) {
        leftOut.add(new LeftOut(path, "it cannot be read: permission denied"));
      } else {
        files.add(new FileTree.Entry(path, attributes.size(), new ExampleSource.FileSource(child)));
      }
    } catch (IOException e) {
      String reason = Files.isSymbolicLink(child) ? "a link that leads nowhere" : Limits.reason(e);
      leftOut.add(new LeftOut(path, reason));
    }
  }

  private static String fileName(Path path) {
    Path name = path.getFileName();
    return name == null ? path.toString() : name.toString();
  }
}

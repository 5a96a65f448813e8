package dev.graft.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Examples of one kind without labels, found in files, folders (with all below them) and zip
 * archives; texts also in the rows of tables.
 *
 * @param files the examples, in the order of the arguments, inside a folder or archive in that of
 *     their paths
 * @param leftOut what was named or found but is no such example, with the reason
 */
public record UnlabelledFiles(List<UnlabelledFile> files, List<LeftOut> leftOut) {
  public UnlabelledFiles {
    files = List.copyOf(files);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * Lists the examples of a kind in the given locations; what is missing or cannot be read is left
   * out, never an error.
   */
  public static UnlabelledFiles list(DatasetKind kind, Path... locations) {
    List<UnlabelledFile> files = new ArrayList<>();
    List<LeftOut> leftOut = new ArrayList<>();
    for (Path location : locations) {
      String shown = location.toString().replace('\\', '/');
      try {
        if (Files.isDirectory(location)) {
          addAll(FolderTree.walk(location), kind, shown, files, leftOut);
        } else if (shown.toLowerCase(Locale.ROOT).endsWith(".zip")) {
          addAll(ZipTree.list(location), kind, shown, files, leftOut);
        } else if (Files.isRegularFile(location)) {
          // Named by the user himself: decoding tells what is wrong with it, whatever its name.
          FileTree.Entry entry =
              new FileTree.Entry(
                  shown, Files.size(location), new ExampleSource.FileSource(location));
          if (kind == DatasetKind.TEXT && TableFile.isNamedSo(shown)) {
            UnlabelledRows.read(entry, shown, files, leftOut);
          } else {
            addFile(entry, shown, files, leftOut);
          }
        } else {
          leftOut.add(new LeftOut(shown, "there is no such file"));
        }
      } catch (IOException e) {
        leftOut.add(new LeftOut(shown, "it cannot be read: " + Limits.reason(e)));
      } catch (DataException e) {
        leftOut.add(new LeftOut(shown, String.valueOf(e.getMessage())));
      }
    }
    return new UnlabelledFiles(files, leftOut);
  }

  private static void addAll(
      FileTree tree,
      DatasetKind kind,
      String shown,
      List<UnlabelledFile> files,
      List<LeftOut> leftOut) {
    String prefix = shown.endsWith("/") ? shown : shown + "/";
    tree.leftOut().forEach(item -> leftOut.add(new LeftOut(prefix + item.path(), item.reason())));
    for (FileTree.Entry entry : tree.files()) {
      if (kind == DatasetKind.TEXT && TableFile.isNamedSo(entry.path())) {
        UnlabelledRows.read(entry, prefix + entry.path(), files, leftOut);
      } else if (FileKinds.of(entry).filter(found -> found == kind).isPresent()) {
        addFile(entry, prefix + entry.path(), files, leftOut);
      } else {
        leftOut.add(
            new LeftOut(
                prefix + entry.path(),
                "neither its name nor its content is that of " + kind.anyOne()));
      }
    }
  }

  private static void addFile(
      FileTree.Entry entry, String id, List<UnlabelledFile> files, List<LeftOut> leftOut) {
    if (entry.size() == 0) {
      leftOut.add(new LeftOut(id, "the file is empty (0 bytes)"));
    } else {
      files.add(new UnlabelledFile(id, entry.source()));
    }
  }
}

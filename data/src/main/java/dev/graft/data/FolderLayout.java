package dev.graft.data;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds class folders, part folders and tables in a tree of files. */
final class FolderLayout {
  private static final int MAXIMUM_WRAPPERS = 4;

  private final FileTree tree;
  private final String labelColumn;
  private final String top;
  private final LabelledFiles found;
  private final Map<String, FileTree.Entry> byPath = new TreeMap<>();

  FolderLayout(FileTree tree, DatasetOptions options, LabelledFiles found) {
    this.tree = tree;
    this.labelColumn = DatasetReader.labelColumn(options);
    this.found = found;
    tree.files().forEach(file -> byPath.put(file.path(), file));
    this.top = insideWrappers();
  }

  private String insideWrappers() {
    String inside = "";
    for (int i = 0; i < MAXIMUM_WRAPPERS; i++) {
      Optional<String> wrapper = wrapper(inside);
      if (wrapper.isEmpty()) {
        break;
      }
      inside = wrapper.get();
    }
    return inside;
  }

  /**
   * The tables that may be the data set themselves, where no folder below holds a file: next to
   * folders of classes or parts, a table is something else.
   *
   * @throws DataException where there are several and it cannot be told which are meant
   */
  Optional<PartTables> tables() {
    if (table(top).isPresent()) {
      return Optional.empty();
    }
    List<FileTree.Entry> files = filesBelow(top);
    return files.stream().allMatch(file -> isDirectlyIn(file.path(), top))
        ? PartTables.among(files, tree.name())
        : Optional.empty();
  }

  void read() {
    if (table(top).isPresent()) {
      readTable(top, Part.TRAIN);
      return;
    }
    Set<String> folders = children(top);
    boolean hasTraining =
        folders.stream().anyMatch(name -> Part.named(name).equals(Optional.of(Part.TRAIN)));
    boolean onlyParts =
        !folders.isEmpty() && folders.stream().allMatch(name -> Part.named(name).isPresent());
    if (hasTraining || onlyParts) {
      readParts(top, folders);
    } else {
      readClasses(top, Part.TRAIN);
    }
  }

  /**
   * The only folder in a folder, where it has no name of its own meaning and the data begins inside
   * it.
   */
  private Optional<String> wrapper(String top) {
    Set<String> folders = children(top);
    boolean filesBeside = byPath.keySet().stream().anyMatch(path -> isDirectlyIn(path, top));
    if (folders.size() != 1 || filesBeside) {
      return Optional.empty();
    }
    String only = folders.iterator().next();
    String inside = join(top, only);
    boolean dataInside =
        !children(inside).isEmpty()
            || filesBelow(inside).stream().anyMatch(file -> TableFile.isNamedSo(file.path()));
    return Part.named(only).isEmpty() && dataInside ? Optional.of(inside) : Optional.empty();
  }

  private void readParts(String top, Set<String> folders) {
    for (FileTree.Entry file : tree.files()) {
      if (isDirectlyIn(file.path(), top)) {
        found.leaveOut(file.path(), "it lies beside the folders of the parts");
      }
    }
    for (String name : folders) {
      String path = join(top, name);
      Optional<Part> part = Part.named(name);
      if (part.isEmpty()) {
        found.leaveOut(path, "the folder is none of train, validation and test");
      } else if (table(path).isPresent()) {
        readTable(path, part.get());
      } else {
        readClasses(path, part.get());
      }
    }
  }

  private void readClasses(String top, Part part) {
    for (String label : children(top)) {
      found.expectClass(part, label);
    }
    int labelAt = top.isEmpty() ? 0 : top.length() + 1;
    for (FileTree.Entry file : filesBelow(top)) {
      int end = file.path().indexOf('/', labelAt);
      if (end < 0) {
        found.leaveOut(file.path(), "it lies beside the class folders, so it has no label");
      } else {
        found.add(part, file.path().substring(labelAt, end), file);
      }
    }
  }

  private void readTable(String top, Part part) {
    FileTree.Entry file = table(top).orElseThrow();
    LabelTable table = LabelTable.read(file.source(), file.path(), labelColumn);
    table.leftOut().forEach(row -> found.leaveOut(row.path(), row.reason()));
    TableRows rows = new TableRows(table, part, found);
    Set<String> named =
        rows.resolve(top.isEmpty() ? "" : top + "/", path -> Optional.ofNullable(byPath.get(path)));
    for (FileTree.Entry other : filesBelow(top)) {
      if (!named.contains(other.path()) && !other.equals(file)) {
        found.leaveOut(other.path(), file.path() + " does not name it");
      }
    }
  }

  private Optional<FileTree.Entry> table(String top) {
    FileTree.Entry csv = byPath.get(join(top, "metadata.csv"));
    return Optional.ofNullable(csv != null ? csv : byPath.get(join(top, "metadata.jsonl")));
  }

  private List<FileTree.Entry> filesBelow(String top) {
    return tree.files().stream()
        .filter(file -> top.isEmpty() || file.path().startsWith(top + "/"))
        .toList();
  }

  private Set<String> children(String top) {
    Set<String> names = new TreeSet<>();
    for (String folder : tree.folders()) {
      if (!folder.isEmpty() && isDirectlyIn(folder, top)) {
        names.add(folder.substring(top.isEmpty() ? 0 : top.length() + 1));
      }
    }
    return names;
  }

  private static boolean isDirectlyIn(String path, String top) {
    return top.isEmpty()
        ? path.indexOf('/') < 0
        : path.startsWith(top + "/") && path.indexOf('/', top.length() + 1) < 0;
  }

  private static String join(String top, String name) {
    return top.isEmpty() ? name : top + "/" + name;
  }
}

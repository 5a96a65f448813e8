package dev.graft.data;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Turns the rows of a table into examples, each row on its own. */
record TableRows(LabelTable table, Part defaultPart, LabelledFiles found) {

  /** Adds the row's files and returns the paths that the table names. */
  Set<String> resolve(String prefix, Function<String, Optional<FileTree.Entry>> files) {
    Set<String> named = new HashSet<>();
    for (LabelTable.Row row : table.rows()) {
      if (SafePaths.isUnsafe(row.path().strip())) {
        leaveOut(row, SafePaths.REASON);
        continue;
      }
      String path = prefix + SafePaths.normalised(row.path());
      Optional<Part> part = part(row, path, prefix);
      Optional<FileTree.Entry> file = files.apply(path);
      if (part.isEmpty()) {
        leaveOut(row, "\"" + row.part().orElse("") + "\" is none of train, validation and test");
      } else if (file.isEmpty()) {
        leaveOut(row, "there is no such file");
      } else if (!named.add(path)) {
        leaveOut(row, "an earlier row names the same file");
      } else {
        found.add(part.get(), row.label(), file.get());
      }
    }
    return named;
  }

  private void leaveOut(LabelTable.Row row, String reason) {
    found.leaveOut(row.path(), reason + " (" + table.name() + ", line " + row.line() + ")");
  }

  /** The row's own word, else the part's folder that the file lies in, else that of the table. */
  private Optional<Part> part(LabelTable.Row row, String path, String prefix) {
    if (row.part().isPresent()) {
      return Part.named(row.part().get());
    }
    String inside = path.substring(prefix.length());
    int slash = inside.indexOf('/');
    Optional<Part> ofFolder = slash < 0 ? Optional.empty() : Part.named(inside.substring(0, slash));
    return ofFolder.isPresent() ? ofFolder : Optional.of(defaultPart);
  }
}

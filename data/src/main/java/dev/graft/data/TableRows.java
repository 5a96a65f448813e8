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
    Set<String> seen = new HashSet<>();
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
      } else {
        named.add(path);
        add(row, part.get(), file.get(), seen);
      }
    }
    return named;
  }

  private void add(LabelTable.Row row, Part part, FileTree.Entry file, Set<String> seen) {
    Optional<Segment> segment;
    try {
      segment = segment(row, file);
    } catch (IllegalArgumentException e) {
      leaveOut(row, String.valueOf(e.getMessage()));
      return;
    }
    String id = file.path() + segment.map(one -> "#" + one).orElse("");
    if (seen.add(id)) {
      found.add(part, row.label(), file, segment);
    } else {
      leaveOut(
          row,
          "an earlier row names the same "
              + (segment.isPresent() ? "segment of the file" : "file"));
    }
  }

  /** The part of a recording that a row names; columns of these names mean nothing elsewhere. */
  private static Optional<Segment> segment(LabelTable.Row row, FileTree.Entry file) {
    boolean named = row.start().isPresent() || row.end().isPresent();
    if (!named || !FileKinds.of(file).equals(Optional.of(DatasetKind.AUDIO))) {
      return Optional.empty();
    }
    double start = row.start().map(text -> seconds("start", text)).orElse(0.0);
    return Optional.of(
        row.end()
            .map(text -> new Segment(start, seconds("end", text)))
            .orElseGet(() -> Segment.from(start)));
  }

  private static double seconds(String column, String text) {
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      value = Double.NaN;
    }
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "segment, " + column + ": expected a number of seconds, found \"" + text + "\"");
    }
    return value;
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

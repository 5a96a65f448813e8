package dev.graft.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Tables that lie side by side in a folder: the parts of one data set, as in {@code train.csv} and
 * {@code test.csv}, or {@code banking-train.csv} and {@code banking-test.csv}.
 *
 * @param tables the table of each part
 * @param others tables that belong to no part
 */
record PartTables(Map<Part, FileTree.Entry> tables, List<FileTree.Entry> others) {

  /** What a file name says: the data set's name, and the part. */
  private record Named(String family, Part part) {}

  /**
   * The data set among the tables of a folder: those of the one family that has a training part, or
   * the only table there is. Empty where there is no table.
   *
   * @param folder the folder, for messages
   * @throws DataException where it cannot be told which tables are meant
   */
  static Optional<PartTables> among(List<FileTree.Entry> files, String folder) {
    List<FileTree.Entry> candidates =
        files.stream().filter(file -> TableFile.isNamedSo(file.path())).toList();
    if (candidates.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Map<Part, FileTree.Entry>> families = families(candidates, folder);
    families.values().removeIf(family -> !family.containsKey(Part.TRAIN));
    if (families.size() == 1) {
      return Optional.of(of(families.values().iterator().next(), candidates));
    }
    if (families.isEmpty() && candidates.size() == 1) {
      return Optional.of(of(Map.of(Part.TRAIN, candidates.get(0)), candidates));
    }
    throw new DataException(
        "Cannot use "
            + folder
            + ": it holds "
            + candidates.size()
            + " tables, and it cannot be told which are meant ("
            + candidates.stream()
                .limit(5)
                .map(FileTree.Entry::path)
                .collect(Collectors.joining(", "))
            + (candidates.size() > 5 ? ", ..." : "")
            + "). Name one of them, or put the parts of one data set into a folder as train.csv, validation.csv and"
            + " test.csv"
            + (families.isEmpty()
                ? "."
                : ", or name them by what they have in common: "
                    + String.join(", ", families.keySet())
                    + "."));
  }

  /** The tables whose names begin with a given one and go on with a part; empty without train. */
  static Optional<PartTables> ofFamily(List<FileTree.Entry> files, String family, String folder) {
    List<FileTree.Entry> tables =
        files.stream()
            .filter(file -> TableFile.isNamedSo(file.path()))
            .filter(
                file ->
                    named(file.path())
                        .filter(name -> name.family().equals(family.toLowerCase(Locale.ROOT)))
                        .isPresent())
            .toList();
    return Optional.ofNullable(families(tables, folder).get(family.toLowerCase(Locale.ROOT)))
        .filter(parts -> parts.containsKey(Part.TRAIN))
        .map(parts -> of(parts, tables));
  }

  private static PartTables of(Map<Part, FileTree.Entry> tables, List<FileTree.Entry> all) {
    List<FileTree.Entry> others = new ArrayList<>(all);
    others.removeAll(tables.values());
    return new PartTables(tables, others);
  }

  private static Map<String, Map<Part, FileTree.Entry>> families(
      List<FileTree.Entry> tables, String folder) {
    Map<String, Map<Part, FileTree.Entry>> families = new TreeMap<>();
    for (FileTree.Entry table :
        tables.stream().sorted(Comparator.comparing(FileTree.Entry::path)).toList()) {
      Optional<Named> name = named(table.path());
      if (name.isEmpty()) {
        continue;
      }
      FileTree.Entry same =
          families
              .computeIfAbsent(name.get().family(), family -> new EnumMap<>(Part.class))
              .putIfAbsent(name.get().part(), table);
      if (same != null) {
        throw new DataException(
            "Cannot use "
                + folder
                + ": "
                + same.path()
                + " and "
                + table.path()
                + " both name the "
                + name.get().part().label()
                + " part. Remove one of them.");
      }
    }
    return families;
  }

  private static Optional<Named> named(String path) {
    String file = path.substring(path.lastIndexOf('/') + 1);
    String stem = file.substring(0, file.lastIndexOf('.')).toLowerCase(Locale.ROOT);
    int cut =
        Math.max(
            Math.max(stem.lastIndexOf('-'), stem.lastIndexOf('_')),
            Math.max(stem.lastIndexOf('.'), stem.lastIndexOf(' ')));
    String family = cut < 0 ? "" : stem.substring(0, cut);
    return Part.named(stem.substring(cut + 1)).map(part -> new Named(family, part));
  }
}

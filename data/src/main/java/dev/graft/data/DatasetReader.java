package dev.graft.data;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads labelled data as people keep it.
 *
 * <p>A location is a folder, a zip archive (read in place, also with one folder around everything),
 * or a table: CSV (with commas, semicolons or tabs), TSV, or one JSON object per line.
 *
 * <p>A folder or archive holds either one folder per class, or the folders train, validation and
 * test (also training, valid, val, dev, testing, eval, evaluation, in any letter case) with one
 * folder per class in each. A {@code metadata.csv} or {@code metadata.jsonl} with the columns
 * file_name and label, at the top or in a part's folder, takes the place of class folders there.
 * For recordings, the columns start and end (seconds) make an example of a segment; without an end
 * it goes on to that of the file.
 *
 * <p>A table with a column path (or file_name, file, filename, image, audio) names files, relative
 * to it. Any other is a table of texts, one example a row: the column of texts is called text,
 * sentence, content, body, message, utterance, query, review or the like, that of classes label,
 * class, category, intent, target, sentiment, emotion, topic or the like; where only one of both is
 * found by its name and one other column is left, that is the other. {@link DatasetOptions} names
 * them otherwise. A column split (or part, subset) tells each row's part; without it, a table that
 * is named is the training part as a whole, whatever lies beside it. In a folder or archive without
 * class folders, {@code train.csv}, {@code validation.csv} and {@code test.csv} (.tsv, .jsonl; also
 * {@code banking-train.csv} and so on) are the parts of one data set, and a location {@code
 * FOLDER/banking} that does not exist itself stands for these; a single table there is all of it.
 * An example's id is the table's name with the number of the row as spreadsheets count, as in
 * {@code tickets.csv#17}, the header being row 1. Quotes, separators and line breaks inside values
 * are those of RFC 4180. A table may have 1,000,000 rows and any size; texts of tables above 64 MiB
 * stay on the disk.
 *
 * <p>Hidden files and operating systems' own are ignored. One bad file or row never ends the
 * reading: it is left out, with the reason. A link is followed, each real folder once.
 *
 * <p>Stateless, thread-safe.
 */
public final class DatasetReader {
  private static final String USUAL_LABEL_COLUMN = "label";

  private DatasetReader() {}

  /**
   * Reads the data set at a location, with columns found by their names and texts in UTF-8.
   *
   * @throws DataException where the location is missing or unreadable, or holds no labelled example
   */
  public static Dataset read(Path location) {
    return read(location, DatasetOptions.DEFAULT);
  }

  /**
   * Reads the data set at a location.
   *
   * @param labelColumn the column of a table that holds the class, in any letter case; with
   *     "label", it is found by its name as well where it is called otherwise
   * @throws DataException where the location is missing or unreadable, or holds no labelled example
   */
  public static Dataset read(Path location, String labelColumn) {
    return read(
        location,
        labelColumn.equals(USUAL_LABEL_COLUMN)
            ? DatasetOptions.DEFAULT
            : DatasetOptions.DEFAULT.withLabelColumn(labelColumn));
  }

  /**
   * Reads the data set at a location.
   *
   * @throws DataException where the location is missing or unreadable, holds no labelled example,
   *     or texts of another encoding
   */
  public static Dataset read(Path location, DatasetOptions options) {
    if (!Files.exists(location)) {
      return readFamily(location, options);
    }
    if (Files.isDirectory(location)) {
      return readTree(FolderTree.walk(location), options);
    }
    String name = location.toString().toLowerCase(Locale.ROOT);
    if (TableFile.isNamedSo(name)) {
      return readTable(location, options);
    }
    if (name.endsWith(".zip") || startsAsZip(location)) {
      return readTree(ZipTree.list(location), options);
    }
    throw new DataException(
        "Cannot read the data "
            + location
            + ": expected a folder, a zip archive or a table (.csv, .tsv, .jsonl), found a single file.");
  }

  private static boolean startsAsZip(Path file) {
    try (var in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(4);
      return start.length == 4
          && start[0] == 'P'
          && start[1] == 'K'
          && start[2] == 3
          && start[3] == 4;
    } catch (IOException e) {
      throw new DataException("Cannot read the data " + file + ": " + Limits.reason(e) + ".", e);
    }
  }

  private static Dataset readTree(FileTree tree, DatasetOptions options) {
    LabelledFiles found = new LabelledFiles(tree.leftOut(), options.charset());
    FolderLayout layout = new FolderLayout(tree, options, found);
    Optional<PartTables> tables = layout.tables();
    if (tables.isPresent()) {
      Optional<Dataset> texts = readTexts(tree, tables.get(), options);
      if (texts.isPresent()) {
        return texts.get();
      }
    }
    layout.read();
    return found.toDataset(tree.name());
  }

  /** The tables' rows, unless they name files. */
  private static Optional<Dataset> readTexts(
      FileTree tree, PartTables tables, DatasetOptions options) {
    LabelledTexts found = new LabelledTexts(tree.name(), tree.leftOut());
    for (Map.Entry<Part, FileTree.Entry> table : tables.tables().entrySet()) {
      TableFile file = TableFile.open(table.getValue(), options.charset());
      if (TextTableReader.columns(file, options) instanceof TableColumns.Texts columns) {
        TextTableReader.read(file, columns, table.getKey(), found);
      } else {
        return Optional.empty();
      }
    }
    for (FileTree.Entry other : tree.files()) {
      if (!tables.tables().containsValue(other)) {
        found.leaveOut(other.path(), "it is none of the tables train, validation and test");
      }
    }
    return Optional.of(found.toDataset());
  }

  /** The tables that begin with a name that is no file's own. */
  private static Dataset readFamily(Path location, DatasetOptions options) {
    Path folder = location.toAbsolutePath().getParent();
    Path name = location.getFileName();
    List<FileTree.Entry> files = new ArrayList<>();
    if (folder != null && name != null && Files.isDirectory(folder)) {
      try (DirectoryStream<Path> siblings = Files.newDirectoryStream(folder)) {
        for (Path file : siblings) {
          String fileName = String.valueOf(file.getFileName());
          if (TableFile.isNamedSo(fileName) && Files.isRegularFile(file)) {
            files.add(
                new FileTree.Entry(fileName, Files.size(file), new ExampleSource.FileSource(file)));
          }
        }
      } catch (IOException | DirectoryIteratorException e) {
        files.clear();
      }
      Optional<PartTables> tables = PartTables.ofFamily(files, name.toString(), folder.toString());
      if (tables.isPresent()) {
        FileTree tree = new FileTree(location.toString(), List.of(), Set.of(), List.of());
        Optional<Dataset> texts = readTexts(tree, tables.get(), options);
        if (texts.isPresent()) {
          return texts.get();
        }
      }
    }
    throw new DataException(
        "Cannot read the data "
            + location
            + ": there is no such file or folder. Expected a folder, a zip archive or a table (.csv, .tsv, .jsonl).");
  }

  private static Dataset readTable(Path location, DatasetOptions options) {
    TableFile file = TableFile.open(entry(location), options.charset());
    if (TextTableReader.columns(file, options) instanceof TableColumns.Texts columns) {
      LabelledTexts found = new LabelledTexts(location.toString(), List.of());
      TextTableReader.read(file, columns, Part.TRAIN, found);
      return found.toDataset();
    }
    return readFileTable(location, options);
  }

  private static FileTree.Entry entry(Path file) {
    try {
      return new FileTree.Entry(
          String.valueOf(file.getFileName()), Files.size(file), new ExampleSource.FileSource(file));
    } catch (IOException e) {
      throw new DataException("Cannot read the data " + file + ": " + Limits.reason(e) + ".", e);
    }
  }

  /**
   * A table that lies anywhere: only the files that it names are looked at, its folder may hold a
   * whole disk.
   */
  private static Dataset readFileTable(Path file, DatasetOptions options) {
    LabelTable table =
        LabelTable.read(new ExampleSource.FileSource(file), file.toString(), labelColumn(options));
    LabelledFiles found = new LabelledFiles(table.leftOut(), options.charset());
    TableRows rows = new TableRows(table, Part.TRAIN, found);
    rows.resolve("", path -> onDisk(file, path));
    return found.toDataset(file.toString());
  }

  /** The label column of a table of files. */
  static String labelColumn(DatasetOptions options) {
    return options.labelColumn().orElse(USUAL_LABEL_COLUMN);
  }

  private static Optional<FileTree.Entry> onDisk(Path table, String path) {
    try {
      Path file = table.resolveSibling(path);
      if (!Files.isRegularFile(file)) {
        return Optional.empty();
      }
      return Optional.of(
          new FileTree.Entry(path, Files.size(file), new ExampleSource.FileSource(file)));
    } catch (IOException | java.nio.file.InvalidPathException e) {
      return Optional.empty();
    }
  }
}

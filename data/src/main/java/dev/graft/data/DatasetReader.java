package dev.graft.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads labelled data as people keep it.
 *
 * <p>A location is a folder, a zip archive (read in place, also with one folder around everything),
 * or a CSV file with the columns path and label (and, where wanted, split), paths being relative to
 * it. A folder or archive holds either one folder per class, or the folders train, validation and
 * test (also training, valid, val, dev, testing, eval, evaluation, in any letter case) with one
 * folder per class in each. A {@code metadata.csv} or {@code metadata.jsonl} with the columns
 * file_name and label, at the top or in a part's folder, takes the place of class folders there.
 * For recordings, the columns start and end (seconds) make an example of a segment; without an end
 * it goes on to that of the file.
 *
 * <p>Hidden files and operating systems' own are ignored. One bad file never ends the reading: it
 * is left out, with the reason. A link is followed, each real folder once.
 *
 * <p>Stateless, thread-safe.
 */
public final class DatasetReader {
  private static final String DEFAULT_LABEL_COLUMN = "label";

  private DatasetReader() {}

  /**
   * Reads the data set at a location, with the label column "label" in tables.
   *
   * @throws DataException where the location is missing or unreadable, or holds no labelled example
   */
  public static Dataset read(Path location) {
    return read(location, DEFAULT_LABEL_COLUMN);
  }

  /**
   * Reads the data set at a location.
   *
   * @param labelColumn the column of a table that holds the class, in any letter case
   * @throws DataException where the location is missing or unreadable, or holds no labelled example
   */
  public static Dataset read(Path location, String labelColumn) {
    if (!Files.exists(location)) {
      throw new DataException(
          "Cannot read the data "
              + location
              + ": there is no such file or folder. Expected a folder, a zip archive or a CSV file.");
    }
    if (Files.isDirectory(location)) {
      return readTree(FolderTree.walk(location), labelColumn);
    }
    String name = location.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".csv") || name.endsWith(".jsonl")) {
      return readTable(location, labelColumn);
    }
    if (name.endsWith(".zip") || startsAsZip(location)) {
      return readTree(ZipTree.list(location), labelColumn);
    }
    throw new DataException(
        "Cannot read the data "
            + location
            + ": expected a folder, a zip archive or a CSV file, found a single file.");
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

  private static Dataset readTree(FileTree tree, String labelColumn) {
    LabelledFiles found = new LabelledFiles(tree.leftOut());
    new FolderLayout(tree, labelColumn, found).read();
    return found.toDataset(tree.name());
  }

  /**
   * A table that lies anywhere: only the files that it names are looked at, its folder may hold a
   * whole disk.
   */
  private static Dataset readTable(Path file, String labelColumn) {
    LabelTable table =
        LabelTable.read(new ExampleSource.FileSource(file), file.toString(), labelColumn);
    LabelledFiles found = new LabelledFiles(table.leftOut());
    TableRows rows = new TableRows(table, Part.TRAIN, found);
    rows.resolve("", path -> onDisk(file, path));
    return found.toDataset(file.toString());
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

package dev.graft.data;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * What the reader of a data set is told where it cannot find out by itself. Immutable.
 *
 * @param textColumn the column of a table that holds the texts, in any letter case; empty to find
 *     it by its name. Named, it makes a table one of texts even where it has a column of paths.
 * @param labelColumn the column of a table that holds the class, in any letter case; empty to find
 *     it by its name
 * @param charset the encoding of texts, in tables and in files of their own
 */
public record DatasetOptions(
    Optional<String> textColumn, Optional<String> labelColumn, Charset charset) {

  /** Columns are found by their names, texts are UTF-8. */
  public static final DatasetOptions DEFAULT =
      new DatasetOptions(Optional.empty(), Optional.empty(), StandardCharsets.UTF_8);

  public DatasetOptions {
    textColumn = textColumn.map(DatasetOptions::columnName);
    labelColumn = labelColumn.map(DatasetOptions::columnName);
    Objects.requireNonNull(charset, "charset");
  }

  /** Names of columns are compared without surrounding blanks and letter case. */
  static String columnName(String written) {
    return written.strip().toLowerCase(Locale.ROOT);
  }

  /** The same with the texts in a given column. */
  public DatasetOptions withTextColumn(String column) {
    return new DatasetOptions(Optional.of(column), labelColumn, charset);
  }

  /** The same with the classes in a given column. */
  public DatasetOptions withLabelColumn(String column) {
    return new DatasetOptions(textColumn, Optional.of(column), charset);
  }

  /** The same with texts in another encoding than UTF-8. */
  public DatasetOptions withCharset(Charset encoding) {
    return new DatasetOptions(textColumn, labelColumn, encoding);
  }
}

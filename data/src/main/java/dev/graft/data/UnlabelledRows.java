package dev.graft.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Texts in the rows of a table, whatever else stands beside them. */
final class UnlabelledRows {
  private UnlabelledRows() {}

  /**
   * Adds a table's texts, called by its name and their row as in {@code tickets.csv#17}.
   *
   * @param shown what the table is called
   * @throws DataException where it is damaged, or has no column of texts
   */
  static void read(
      FileTree.Entry table, String shown, List<UnlabelledFile> rows, List<LeftOut> leftOut) {
    TableFile file = TableFile.open(table, StandardCharsets.UTF_8);
    try (TableScanner scanner = file.scan()) {
      int column = TableColumns.textsOf(scanner.header(), file.fullName());
      RowTexts texts = file.texts(scanner.header().get(column));
      while (scanner.next()) {
        String row = shown + "#" + scanner.row();
        Optional<String> problem = problem(scanner, column);
        if (problem.isPresent()) {
          leftOut.add(new LeftOut(row, problem.get()));
          continue;
        }
        if (rows.size() == LabelledTexts.MOST_ROWS) {
          throw new DataException(
              "Cannot read all of the table "
                  + file.fullName()
                  + ": with it there are more than "
                  + LabelledTexts.MOST_ROWS
                  + " texts, which is the limit. Give it in parts.");
        }
        int index = texts.add(Objects.requireNonNull(scanner.cell(column)), scanner.span(column));
        rows.add(new UnlabelledFile(row, new ExampleSource.RowSource(texts, index, scanner.row())));
      }
    } catch (UndecodableException e) {
      throw new DataException("Cannot read the table " + file.fullName() + ": it is no UTF-8.", e);
    } catch (IOException e) {
      throw new DataException(
          "Cannot read the table " + file.fullName() + ": " + Limits.reason(e) + ".", e);
    }
  }

  /** Why a row has no usable text, if it has none. */
  private static Optional<String> problem(TableScanner scanner, int column) throws IOException {
    if (scanner.problem().isPresent()) {
      return scanner.problem();
    }
    if (scanner.isTooLong(column)) {
      return Optional.of("its text has more than " + (TableScanner.LONGEST_CELL >> 20) + " MiB");
    }
    try {
      byte[] utf8 = scanner.cell(column);
      if (utf8 == null) {
        return Optional.of("it has no text");
      }
      return TextDecoder.isBlank(new String(utf8, StandardCharsets.UTF_8))
          ? Optional.of("its text is empty")
          : Optional.empty();
    } catch (UndecodableException e) {
      return Optional.of("its text is no UTF-8");
    }
  }
}
